/** Whether whoever read a stream has gone, rather than something being wrong with where it goes. */
export function isReaderGone({ code }: NodeJS.ErrnoException): boolean {
  return code === "EPIPE" || code === "ECONNRESET";
}

/**
 * Keeps this process going when what it writes is lost: a reader may have seen enough (head), a disk may be full. Neither changes what a command
 * has to do, nor what it found out, which its exit code says. A stdout that fails other than by its reader's leaving is told of on stderr, once.
 */
export function outliveLostOutput(): void {
  let isTold = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (isTold || isReaderGone(error)) return;
    isTold = true;
    process.stderr.write(`daochain: Not everything could be written to stdout (${error.code}).\n`);
  });
  process.stderr.on("error", () => {});
}
