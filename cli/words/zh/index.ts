import type { Words } from "../words.ts";
import { account } from "./account.ts";
import { acts } from "./acts.ts";
import { audit } from "./audit.ts";
import { backup } from "./backup.ts";
import { catalogue } from "./catalogue.ts";
import { chain } from "./chain.ts";
import { common } from "./common.ts";
import { completion } from "./completion.ts";
import { doctor } from "./doctor.ts";
import { gate } from "./gate.ts";
import { image } from "./image.ts";
import { organisation } from "./organisation.ts";
import { policy } from "./policy.ts";
import { service } from "./service.ts";
import { transfer } from "./transfer.ts";

export const zh: Words = {
  account,
  acts,
  audit,
  backup,
  catalogue,
  chain,
  common,
  completion,
  doctor,
  gate,
  image,
  organisation,
  policy,
  service,
  transfer,
};
