/** Of keys beside the workload's, which are not in the history: they fill the quota. */
export const fillerPrefix = 'filler/'
