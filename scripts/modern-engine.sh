#!/usr/bin/env bash
# A Docker Engine of today (28 or later) on a machine whose own is older: its programs and libraries from Debian's testing, in a directory
# of their own. Of the machine they need nothing but mmdebstrap, which is installed where it is missing. As root:
#   modern-engine.sh make                   makes the directory where it is missing (10 seconds), and prints its path
#   modern-engine.sh path                   prints its path; fails where it is missing
#   modern-engine.sh run DIR COMMAND...     runs a command there; what it writes goes into DIR, which it sees under its own path
#   modern-engine.sh program NAME...        runs one of its programs (containerd, ctr) on this machine's own files
set -euo pipefail

# Raise the last number when what goes into the directory changes.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/daochain
root=$cache/engine-28.2

is_made() { [[ -x $root/usr/sbin/dockerd ]]; }

make_root() {
  if is_made; then return; fi
  if ! command -v mmdebstrap >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      mmdebstrap debian-archive-keyring >/dev/null
  fi
  mkdir -p "$cache"
  local temporary
  temporary=$(mktemp -d "$cache/.engine.XXXXXX")
  # shellcheck disable=SC2064 # the variable is local
  trap "rm -rf --one-file-system '$temporary'" EXIT
  # The mirror, the proxy and the rest are those that this machine's own packages come from and by.
  local mirror
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | sort -u | sed -n 1p)
  apt-config dump Acquire >"$temporary/acquire.conf"
  local unused=() path
  for path in '/usr/share/*' '/usr/lib/cni/*' '/usr/lib/containerd/*'; do
    unused+=(--dpkgopt="path-exclude=$path")
  done
  # Unpacked, not installed: no package's script runs.
  mmdebstrap --quiet --variant=extract --include=docker.io,base-files "${unused[@]}" \
    --aptopt="$temporary/acquire.conf" forky "$temporary/root" ${mirror:+"$mirror"} >&2
  # Their settings may hold a proxy's password.
  rm -rf "$temporary"/root/etc/apt "$temporary"/root/var/{lib,cache}/apt
  # Whoever was first has made it: a rename would then put this one inside it.
  mv --no-target-directory "$temporary/root" "$root" 2>/dev/null || is_made
}

run_in_root() {
  local directory
  directory=$(realpath "$1")
  shift
  mkdir "$directory"/{root,upper,work}
  # What is mounted here is seen by this process and its children alone, and goes with them.
  exec unshare --mount --propagation private bash -euo pipefail -c '
    lower=$1 directory=$2
    shift 2
    mount -t overlay -o "lowerdir=$lower,upperdir=$directory/upper,workdir=$directory/work" overlay "$directory/root"
    mkdir -p "$directory/root$directory"
    mount --bind "$directory" "$directory/root$directory"
    mount -t proc proc "$directory/root/proc"
    mount --rbind /sys "$directory/root/sys"
    mount --rbind /dev "$directory/root/dev"
    exec chroot "$directory/root" "$@"' run "$root" "$directory" "$@"
}

run_program() {
  local name=$1 libraries loader
  shift
  libraries=$(echo "$root"/usr/lib/*-linux-gnu*)
  loader=$(echo "$root"/usr/lib*/ld-linux-*.so.*)
  # Its libraries are newer than this machine's: its own loader finds them.
  exec "${loader%% *}" --library-path "$libraries" "$root/usr/bin/$name" "$@"
}

case ${1-} in
  make) make_root ;;
  path) is_made || exit 1 ;;
  run)
    shift
    run_in_root "$@"
    ;;
  program)
    shift
    run_program "$@"
    ;;
  *)
    sed -n '2,/^set/{/^#/s/^# \?//p}' "$0" >&2
    exit 2
    ;;
esac
echo "$root"
