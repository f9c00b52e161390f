#!/usr/bin/env bash
# Helm, and Kubernetes' own admission code (test/support/kubernetes-oracle), for tests of what is deployed. Neither is in Debian: both are
# built from Go modules, of pinned versions and checked by their sums, with the Go that is pinned too. Where this machine's Go is too old,
# it fetches the newer one as a module. Two minutes, once.
#   kubernetes-tools.sh make      builds what is missing, and prints the directory
#   kubernetes-tools.sh path      prints it; fails where something is missing
set -euo pipefail

helm=v3.21.4
go=1.26.8
here=$(cd "$(dirname "$0")/.." && pwd)
oracle=$here/test/support/kubernetes-oracle
sum=$(cat "$oracle"/main.go "$oracle"/go.mod "$oracle"/go.sum | sha256sum | cut -c1-12)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/daochain
root=$cache/kubernetes-tools-$helm-go$go-$sum

is_made() { [[ -x $root/helm && -x $root/kubernetes-oracle ]]; }

# Prints the command of a Go that is new enough.
find_go() {
  local own
  if own=$(command -v go) && [[ $(printf '%s\n' "$go" "$(GOTOOLCHAIN=local "$own" env GOVERSION | sed s/^go//)" | sort -V | head -1) == "$go" ]]; then
    echo "$own"
    return
  fi
  if [[ -z $own ]]; then
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends golang-go >/dev/null
    own=$(command -v go)
  fi
  local architecture
  architecture=$("$own" env GOARCH)
  "$own" mod download "golang.org/toolchain@v0.0.1-go$go.linux-$architecture" >&2
  local toolchain
  toolchain=$("$own" env GOMODCACHE)/golang.org/toolchain@v0.0.1-go$go.linux-$architecture
  # What a newer Go does with a toolchain that it fetched: modules carry neither the right to run nor other modules.
  chmod -R u+w "$toolchain"
  chmod +x "$toolchain"/bin/* "$toolchain"/pkg/tool/*/*
  find "$toolchain" -name _go.mod -exec sh -c 'mv "$1" "$(dirname "$1")/go.mod"' _ {} \;
  echo "$toolchain/bin/go"
}

make_tools() {
  if is_made; then return; fi
  mkdir -p "$cache"
  local temporary
  temporary=$(mktemp -d "$cache/.tools.XXXXXX")
  # shellcheck disable=SC2064 # the variable is local
  trap "chmod -R u+w '$temporary'; rm -rf '$temporary'" EXIT
  # What was downloaded and built on the way is of no use afterwards; a developer's own cache is used where there is one.
  if [[ ! -d $(go env GOMODCACHE 2>/dev/null || true) ]]; then
    export GOPATH=$temporary/go GOCACHE=$temporary/cache
  fi
  unset GOROOT
  export GOFLAGS=-modcacherw CGO_ENABLED=0
  local command
  command=$(find_go)
  export GOTOOLCHAIN=local
  mkdir "$temporary/bin"
  GOBIN=$temporary/bin "$command" install -trimpath "helm.sh/helm/v3/cmd/helm@$helm" >&2
  (cd "$oracle" && "$command" build -trimpath -o "$temporary/bin/" .) >&2
  # Whoever was first has made them: a rename would then put these inside.
  mv --no-target-directory "$temporary/bin" "$root" 2>/dev/null || is_made
}

case ${1-} in
  make) make_tools ;;
  path) is_made || exit 1 ;;
  *)
    sed -n '2,/^set/{/^#/s/^# \?//p}' "$0" >&2
    exit 2
    ;;
esac
echo "$root"
