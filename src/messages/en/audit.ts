/** What an audit tells of places. */
export const auditMessages = {} as const;
