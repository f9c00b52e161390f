/** What all commands say. */
export const common = {
  defect: "an unexpected error, which is a defect of daochain's:",
  cancelled: "Cancelled.",
};
