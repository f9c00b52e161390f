#!/usr/bin/env bash
# Writes deploy/kubernetes/daochain-gate.yaml anew from the Helm chart.
set -euo pipefail
cd "$(dirname "$0")/.."
helm=$(scripts/kubernetes-tools.sh make)/helm
file=deploy/kubernetes/daochain-gate.yaml
{
  echo "# Rendered from deploy/helm/daochain-gate with deploy/kubernetes/values.yaml by scripts/render-manifests.sh."
  echo "# Write over: the image, and the ConfigMap's network.json. The namespace daochain must be there."
  "$helm" template daochain-gate deploy/helm/daochain-gate --namespace daochain --kube-version 1.31.0 --values deploy/kubernetes/values.yaml
} >"$file.new"
mv "$file.new" "$file"
