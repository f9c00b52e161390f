import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Puts a program named systemctl into a directory, which does for one unit what systemd would.
 * @param units where the unit's file will be
 */
export function writeFakeSystemctl(directory: string, units: string, name: string): void {
  const pidFile = join(directory, "unit.pid");
  const script = `#!/bin/sh
end() {
  [ -e '${pidFile}' ] || return 0
  kill "$(cat '${pidFile}')"
  while kill -0 "$(cat '${pidFile}')" 2>/dev/null; do sleep 0.05; done
  rm -f '${pidFile}'
}
if [ "$1" = --user ]; then shift; fi
case "$1 $2" in
  "daemon-reload "|"enable ${name}") ;;
  "restart ${name}")
    end
    sh -c "exec $(sed -n 's/^ExecStart=//p' '${join(units, name)}')" >/dev/null 2>&1 & echo $! >'${pidFile}' ;;
  "disable --now"|"stop ${name}") end ;;
  "is-active --quiet") [ -e '${pidFile}' ] && kill -0 "$(cat '${pidFile}')" 2>/dev/null ;;
  "is-enabled --quiet") [ -e '${join(units, name)}' ] ;;
  *) echo "unknown: $*" >&2; exit 1 ;;
esac
`;
  mkdirSync(directory, { recursive: true });
  const program = join(directory, "systemctl");
  writeFileSync(program, script);
  chmodSync(program, 0o755);
}
