/** What push, pull and run say beside verdicts. */
export const transfer = {
  notStarted: "daochain: It was not started.",
  warning: (image: string, warning: string) => `daochain: ${image}: ${warning}`,
};
