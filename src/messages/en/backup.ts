/** Why a backup cannot be used, and what a restore would take back: ends of sentences. */
export const backupMessages = {
  "backup-not-tar": "it is not a tar archive that daochain backup wrote ({why})",
  "backup-no-list": "it does not begin with the list of its files",
  "backup-version": "it is of a format that this version does not know ({format})",
  "backup-list": "the list of its files is damaged ({what})",
  "backup-cut": "it ends too early",
  "backup-followed": "something follows after its end",
  "backup-entry": "it holds {name}, where its list has {expected}",
  "backup-kind": "{name} is not a regular file in it",
  "backup-size": "{name} is not as long as its list says",
  "backup-hash": "{name} is not what its list says",
  "backup-content": "{name} cannot be used: {why}",
  "backup-chain": "its journal is not the one that its list describes",
  "backup-profile": "its network profile is of another chain than its journal",
  "rolled-back-blocks": "its newest {count|block|blocks}",
  "rolled-back-chain": "all of its {count|block|blocks}, which are another chain's",
  "rolled-back-unknown": "its chain, which cannot be read",
} as const;
