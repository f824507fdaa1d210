import {
  freshNames,
  listed,
  type Place,
  type Program,
  type Seen,
  txn,
  unchanged,
  under,
} from '../program.ts'

const bankPrefix = 'bank/'
const accounts = Array.from({ length: 6 }, (_, index) => `${bankPrefix}${index}`)
const each = 100

/** The balance in a value such as `95 c1.7`. */
const balanceOf = (value: string): number => Number(value.split(' ')[0])

/**
 * Reads all accounts, in a range or in one transaction, and moves money between two if both are
 * unchanged. The first client opens all accounts at once. No transfer exceeds the balance.
 */
export const bank: Program = (place: Place) => {
  const { random } = place
  const fresh = freshNames(place)
  const holding = (balance: number) => `${balance} ${fresh()}`
  return {
    *turn() {
      const present = listed(yield under(bankPrefix))
      if (present.length < accounts.length) {
        const missing = accounts.map((key) => [key, 'mod', '=', 0] as const)
        yield txn(
          missing,
          accounts.map((key) => ['put', key, holding(each)]),
        )
        return
      }
      const [from, to] = random.shuffle(present) as [Seen, Seen]
      const amount = random.int(0, balanceOf(from.value ?? ''))
      yield txn(
        [unchanged(from), unchanged(to)],
        [
          ['put', from.key, holding(balanceOf(from.value ?? '') - amount)],
          ['put', to.key, holding(balanceOf(to.value ?? '') + amount)],
        ],
        [
          ['get', from.key],
          ['get', to.key],
        ],
      )
      if (random.int(0, 3) === 0)
        yield txn(
          [],
          accounts.map((key) => ['get', key]),
        )
      if (random.int(0, 3) === 0) yield { ...under(bankPrefix), serializable: true }
    },
  }
}
