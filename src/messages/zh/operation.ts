export const operationMessages = {
  "served-another": "镜像仓库以 {name} 提供的是 {served}，而 {name} 声明的是 {claimed}",
  "nobodys-name": "注册合约中没有组织拥有 {repository}，因此没有组织能说明 {name} 是什么",
  "owner-never-claimed": "{organisation} 从未声明过 {name}",
  "not-the-owner": "{organisation} 在注册合约中并不拥有 {repository}：验证者会把它的声明视为另一组织的认可",
  "tag-overtaken": "{name} 之后或同时被签名为另一个镜像，现在指向那个镜像",
  "also-named": "加载该归档还会将其命名为 {name}，该声明没有签名这个名称",
  "chain-not-asked": "没有询问链，因此可能还有其他阻碍：{error}",
  "not-a-signer": "{signer} 不是 {organisation} 的现任签名者",
  "revoked-while-pending": "它在等待签名期间被 {organisation} 撤销",
  "expired-while-pending": "它在得到所需的签名之前已过期",
} as const;
