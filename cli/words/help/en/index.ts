import { accountHelp } from "./account.ts";
import { auditHelp } from "./audit.ts";
import { backupHelp } from "./backup.ts";
import { catalogueHelp } from "./catalogue.ts";
import { chainHelp } from "./chain.ts";
import { commonHelp } from "./common.ts";
import { completionHelp } from "./completion.ts";
import { doctorHelp } from "./doctor.ts";
import { gateHelp } from "./gate.ts";
import { imageHelp } from "./image.ts";
import { organisationHelp } from "./organisation.ts";
import { policyHelp } from "./policy.ts";
import { programHelp } from "./program.ts";
import { serviceHelp } from "./service.ts";
import { transferHelp } from "./transfer.ts";
import { tuiHelp } from "./tui.ts";

export const en = {
  program: programHelp,
  account: accountHelp,
  audit: auditHelp,
  backup: backupHelp,
  catalogue: catalogueHelp,
  chain: chainHelp,
  common: commonHelp,
  completion: completionHelp,
  doctor: doctorHelp,
  gate: gateHelp,
  image: imageHelp,
  organisation: organisationHelp,
  policy: policyHelp,
  service: serviceHelp,
  transfer: transferHelp,
  tui: tuiHelp,
};
