/** What takes long to load, and is loaded at once after the first paint: of the library and of the commands what the browser's models use. */

export {
  aboutImage,
  approveClaim,
  Catalogue,
  changeSettings,
  connect,
  DaoChainError,
  defaultPolicy,
  diffImage,
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
  readSettings,
  requireOrganisation,
  signImage,
  verifyImage,
} from "../../../src/index.ts";
export { requirePending } from "../../actions/approve.ts";
export {
  carryOut,
  fallingNames,
  findRevocation,
  hasFallen,
} from "../../actions/revocation.ts";
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
