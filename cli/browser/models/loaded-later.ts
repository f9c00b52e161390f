/** What takes long to load, and is loaded at once after the first paint: of the library and of the commands what the browser's models use. */

export {
  aboutImage,
  approveClaim,
  Catalogue,
  changeSettings,
  connect,
  defaultPolicy,
  diffImage,
  failure,
  isDaoChainError,
  isDigest,
  listDaemonImages,
  listDaemonLayers,
  parseImageReference,
  pingDocker,
  privateKeySigner,
  pullImage,
  readGovernor,
  readHistory,
  readNetworkProfile,
  readSettings,
  reasonOf,
  requireOrganisation,
  signImage,
  verifyImage,
} from "../../../src/internal.ts";
export { requirePending } from "../../actions/approve.ts";
export {
  carryOut,
  fallingNames,
  findRevocation,
  hasFallen,
} from "../../actions/revocation.ts";
export { up } from "../../actions/up.ts";
export { currentOrganisation } from "../../connection.ts";
export { EngineImage } from "../../docker/engine-image.ts";
export {
  accountsOf,
  chooseFirstAccount,
  currentAccount,
  environmentKey,
  needsPassword,
  unlockSigner,
} from "../../secrets.ts";
