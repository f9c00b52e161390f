import { hardening, type Unit, unitCommand, unitPath, unitText } from "./unit.ts";

export const chainUnitName = "daochain-chain.service";

/** How a home's chain is served. */
export interface ChainService {
  /** the home's directory */
  readonly home: string;
  /** whose home it is, where the machine's service manager runs it; undefined: a user's own does */
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  readonly port: number | undefined;
  readonly metrics: string | undefined;
}

/** The unit that runs a home's chain. Where somebody stops the chain, it stays stopped; where it dies, it comes again. @throws USAGE */
export function chainUnit({ home, user, port, metrics }: ChainService): string {
  const words = [
    ...["up", "--foreground", "--home", home],
    ...(port === undefined ? [] : ["--port", `${port}`]),
    ...(metrics === undefined ? [] : ["--metrics", metrics]),
  ];
  const unit: Unit = {
    description: "DaoChain's embedded chain",
    service: [
      `ExecStart=${unitCommand(words)}`,
      "Restart=on-failure",
      "RestartSec=1",
      "TimeoutStopSec=30",
      ...hardening.ofUser,
      ...(user === undefined
        ? []
        : [
            ...hardening.ofRoot,
            `User=${user.uid}`,
            `Group=${user.gid}`,
            // It writes to its home, and nowhere else.
            "ProtectSystem=strict",
            `ReadWritePaths=${unitPath(home)}`,
            "PrivateTmp=yes",
            "PrivateDevices=yes",
            "CapabilityBoundingSet=",
            "RestrictSUIDSGID=yes",
            "RestrictNamespaces=yes",
          ]),
    ],
    wantedBy: [user === undefined ? "default.target" : "multi-user.target"],
  };
  return unitText(unit);
}
