/** What audit says: its table, its notes, and its report. */
export const audit = {
  columns: { status: "STATUS", image: "IMAGE", where: "WHERE", because: "BECAUSE" },
  container: (name: string) => `container ${name}`,
  image: "image",
  inFile: (file: string, name: string) => (name === "" ? file : `${file} (${name})`),
  list: ", ",
  because: "; ",
  more: (count: number) => `and ${count} more`,
  nothing: "There is nothing to verify.",
  counts: (images: number, counts: string) => `${images} ${images === 1 ? "image" : "images"}: ${counts}`,
  images: "images",
  read: (done: number, all: number) => `${done} of ${all} read`,
  report: {
    language: "en",
    title: "Image audit",
    titleAt: (time: string) => `Image audit, ${time}`,
    /** @param registry the contract's address, as it is marked up */
    chain: (registry: string, id: number, block: number) =>
      `, registry ${registry} on chain ${id} as of block ${block}`,
    nothing: "Nothing was found to verify.",
    allVerified: (images: number) =>
      images === 1 ? "The image is verified." : `All ${images} images are verified.`,
    notVerified: (count: number, images: number) =>
      `${count} of ${images} images ${count === 1 ? "is" : "are"} not verified.`,
    verifiedSection: "Verified",
    notVerifiedSection: "Not verified",
    status: "Status",
    image: "Image",
    where: "Where",
    because: "Because",
    details: "details",
    warning: (text: string) => `warning: ${text}`,
    organisation: (name: string) => `organisation ${name}`,
    depth: (depth: string) => `looked at: ${depth}`,
    signed: (time: string, signers: string) => `signed ${time} by ${signers}`,
    claim: (id: string, block: number) => `claim ${id} in block ${block}`,
  },
};
