export const doctor: typeof import("../en/doctor.ts").doctor = {};
