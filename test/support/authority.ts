import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Files in PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate authority of a test's own, made by openssl. */
export class Authority {
  readonly #directory: string;
  readonly certificate: string;
  readonly #key: string;

  /** @param directory where its files go */
  constructor(directory: string) {
    this.#directory = directory;
    this.certificate = join(directory, "ca.crt");
    this.#key = join(directory, "ca.key");
    openssl(
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Test Authority"],
      ...["-keyout", this.#key, "-out", this.certificate],
    );
  }

  get pem(): string {
    return readFileSync(this.certificate, "utf8");
  }

  /** @param alternative what the certificate is for, as "IP:127.0.0.1" */
  issue(name: string, alternative = "IP:127.0.0.1"): Certificate {
    const file = (ending: string) => join(this.#directory, `${name}.${ending}`);
    openssl(
      ...["req", "-newkey", "rsa:2048", "-nodes", "-subj", `/CN=${name}`],
      ...["-keyout", file("key"), "-out", file("csr")],
    );
    writeFileSync(file("ext"), `subjectAltName=${alternative}\n`);
    openssl(
      ...["x509", "-req", "-days", "2", "-in", file("csr"), "-CA", this.certificate, "-CAkey", this.#key],
      ...["-CAcreateserial", "-extfile", file("ext"), "-out", file("crt")],
    );
    return { certificate: file("crt"), key: file("key") };
  }
}

function openssl(...arguments_: string[]): void {
  execFileSync("openssl", arguments_, { stdio: "ignore" });
}
