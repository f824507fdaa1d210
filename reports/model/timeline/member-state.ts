/** What a member's lane shows it to be. */
export type MemberState = 'up' | 'down' | 'paused' | 'isolated' | 'degraded'
