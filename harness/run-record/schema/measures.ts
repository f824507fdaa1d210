/** Named numbers; null = could not be measured. Units last in the name. */
export interface Measures {
  /** What the requests prove of the longest outage; `outages` has what they leave open. */
  readonly writeOutageMs?: number | null
  readonly readOutageMs?: number | null
  readonly acknowledgedLost?: number | null
  readonly unknownOutcomes?: number
  readonly operations?: number
  /** Leaders that took over after the first one; null where the logs do not say it. */
  readonly elections?: number | null
  /** Terms in which a member stood, whether it won or not. */
  readonly termsTried?: number | null
  /** Terms that none won although two members stood, or one did and asked another for its vote. */
  readonly lostVotes?: number | null
  readonly ratePerS?: number
  /** Due and not sent, because too many requests were open: the rate was below the planned one. */
  readonly skippedRequests?: number
  /** The largest delay of a request after the time at which it was due. */
  readonly worstLatenessMs?: number
  readonly [name: string]: number | null | undefined
}
