export const doctorHelp: typeof import("../en/doctor.ts").doctorHelp = {};
