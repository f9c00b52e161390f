/** Options that every gate has. */
const gateOptions = {
  org: "organisation that must have signed (default: the owner of the repository)",
  "allow-superseded": "also allow images that their tag has moved on from",
  policy: "policies by repository (docs/policy.md); read again when the file changes",
  staleness: "seconds for which the last known state is used while the chain cannot be asked",
  "max-head-age": "refuse a chain whose newest block is older than this many seconds (default: any age)",
  log: "where decisions are logged, a JSON object on each line (default: stderr)",
  metrics: "also serve metrics for Prometheus here, such as 127.0.0.1:9464",
};
const unitDir = "where systemd's units are";

/** Help of gate and its three gates. */
export const gateHelp = {
  gate: {
    description: "check images where they start: docker, containerd, kubernetes",
    examples: [
      "sudo daochain gate docker install           a Docker Engine",
      "sudo daochain gate containerd install       containerd, and the kubelet that uses it",
      "daochain gate docker status                 whether the gate is in place and decides",
    ],
    notes: `
docs/gates.md says how gates decide. For a Kubernetes cluster, see deploy/ and docs/gates/kubernetes.md.`,
  },
  docker: {
    description: "let a Docker Engine start verified images only (an AuthZ plugin)",
    options: {
      ...gateOptions,
      socket: "socket at which the engine asks the gate",
      depth: "how deep to look: id asks the engine, content reads every layer",
      allow: (ways: string) => `allow what the gate cannot judge: ${ways}; may be given several times`,
      engine: "the engine that asks (DOCKER_HOST, else unix:///var/run/docker.sock)",
    },
    examples: [
      "daochain gate docker                        serve the gate until Ctrl-C",
      "sudo daochain gate docker install           serve it as a service, and have the engine ask it",
      "sudo daochain gate docker uninstall         have the engine ask no more, whatever state it is in",
      "daochain gate docker status --json | jq .decides",
    ],
    notes: `
docs/gates/docker.md says how to connect an engine, and what the gate cannot see.
Prometheus finds metrics at GET /metrics of the socket.`,
  },
  dockerInstall: {
    description: "serve the gate as a systemd unit, and have the engine ask it",
    options: { "daemon-json": "the engine's configuration file", "unit-dir": unitDir },
    examples: [
      "sudo daochain gate docker install --home ~/.daochain",
      "sudo daochain gate docker install --policy /etc/daochain/daochain.policy.json --metrics 127.0.0.1:9464",
    ],
  },
  dockerUninstall: {
    description: "have the engine ask no more, and remove the unit",
    examples: ["sudo daochain gate docker uninstall         works without the gate, the chain or the engine"],
  },
  dockerStatus: {
    description: "show whether the gate answers, and whether the engine asks it",
    examples: [
      "daochain gate docker status",
      "daochain gate docker status --json | jq '.asked and .decides'",
    ],
    notes: `
The exit code is 0 when the engine asks the gate and the gate decides, else 20.`,
  },
  containerd: {
    description: "let containerd, and Kubernetes through it, pull verified images only (an image verifier)",
    options: {
      ...gateOptions,
      socket: "socket at which containerd's verifier asks the gate",
      containerd: "containerd's program, which knows its configuration",
      config: "containerd's configuration file",
      "unit-dir": unitDir,
      "no-service": "do not use systemd: the gate is served by other means",
    },
    examples: [
      "daochain gate containerd                    serve the gate until Ctrl-C",
      "sudo daochain gate containerd install       serve it as a service, and have containerd ask it",
      "sudo daochain gate containerd uninstall     have containerd ask no more, whatever state it is in",
      "daochain gate containerd status --json | jq .findings",
    ],
    notes: `
docs/gates/containerd.md says how to connect containerd, and what the gate cannot see.
Prometheus finds metrics at GET /metrics of the socket.`,
  },
  containerdInstall: {
    description: "serve the gate as a systemd unit, and have containerd ask it",
    examples: [
      "sudo daochain gate containerd install --home ~/.daochain",
      "sudo daochain gate containerd install --containerd k3s-containerd --config /var/lib/rancher/k3s/agent/etc/containerd/config.toml",
      "sudo daochain gate containerd install --no-service     where something else than systemd serves the gate",
    ],
    notes: `
The exit code is 20 when containerd asks the gate but would still pull some images without asking.`,
  },
  containerdUninstall: {
    description: "have containerd ask no more, and remove the unit",
    examples: ["sudo daochain gate containerd uninstall     works without the gate, the chain or containerd"],
  },
  containerdStatus: {
    description: "show whether containerd asks the gate, and what it would pull without asking",
    examples: [
      "daochain gate containerd status",
      "daochain gate containerd status --json | jq -r '.findings[] | select(.bypass) | .message'",
    ],
    notes: `
The exit code is 0 when every pull is verified, else 20.`,
  },
  kubernetes: {
    description: "let a Kubernetes cluster run verified images only (admission webhooks)",
    options: {
      ...gateOptions,
      listen: "address and port at which API servers ask the gate",
      cert: "certificate in PEM, renewed by others; read again when it changes",
      key: "the certificate's key in PEM",
      "cert-secret": "instead: the Secret that holds the certificates which the gate makes and renews",
      service: "the Service through which API servers reach the gate",
      webhook: "the webhook configurations that are to trust the gate's certificate",
      "require-digest": "refuse images that are named by a tag alone",
      "tag-cache": "seconds for which it is remembered what a tag stands for",
    },
    examples: [
      "daochain gate kubernetes --cert tls.crt --key tls.key      serve the webhooks until Ctrl-C",
      "daochain gate kubernetes --cert-secret daochain-gate       in a cluster: make and renew the certificate",
    ],
    notes: `
The webhooks are POST /validate and POST /mutate; GET /readyz, /livez and /metrics are beside them.
deploy/ has the manifests and the Helm chart; docs/gates/kubernetes.md says what the gate cannot see.`,
  },
  oneOf: (choices: string) => `It must be one of ${choices}.`,
  objectName: "It must be the name of a Kubernetes object.",
  address: "It must be an address and a port, such as 0.0.0.0:8443 or [::]:8443.",
};
