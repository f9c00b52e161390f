export const doctorHelp = {};
