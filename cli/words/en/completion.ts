export const completion = {};
