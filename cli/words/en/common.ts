/** What all commands say. */
export const common = {
  defect: "an unexpected error, which is a defect of daochain's:",
  cancelled: "Cancelled.",
  /** the line under which several images are counted while they are read */
  images: "images",
  imagesRead: (read: number, all: number): string => `${read} of ${all} read`,
};
