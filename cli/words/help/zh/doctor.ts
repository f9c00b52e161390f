export const doctorHelp: typeof import("../en/doctor.ts").doctorHelp = {
  doctor: {
    description: "检查 daochain 所需的一切，并说明如何修复问题",
    options: { policy: "要检查的策略文件" },
    examples: [
      "daochain doctor                    引擎、链、密钥、策略、时钟、索引、门禁、磁盘、版本",
      "daochain doctor --policy /etc/daochain/daochain.policy.json",
      `daochain doctor --json | jq -r '.checks[] | select(.status != "ok") | .command // .message'`,
    ],
    notes: `
它不改变任何东西。一切正常时退出码为 0；有问题或有未知项时为 20。`,
  },
};
