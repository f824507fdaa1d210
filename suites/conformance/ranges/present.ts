import { etcd } from '../../../harness/index.ts'
import { type RangeForm, rangeForms } from '../../shared/range-forms.ts'
import type { TopicContext } from '../topic.ts'

const puts = 20

/** No form of a linearizable range returns less than what another member has acknowledged. */
export async function presentInEveryForm(context: TopicContext): Promise<void> {
  const { check, client, has, prefix } = context
  const within = `${prefix}present/`
  const all = { key: within, end: etcd.prefixEnd(within) }
  const asked = rangeForms(has)
  let written = 0
  let revision = 0
  await check.equalEach(
    'every-form-of-range-is-present',
    'a range in every form returns what another member acknowledged before',
    puts * asked.length,
    async (turn) => {
      const [form, read] = asked[turn % asked.length] as [string, RangeForm]
      if (turn % asked.length === 0) {
        written++
        const key = `${within}${String(written).padStart(3, '0')}`
        revision = (await etcd.put(client(written), { key, value: 'v' })).revision
      }
      const found = await read(client(written + 1 + (turn % 2)), all, revision)
      return { what: `a range ${form} after put ${written}`, found, expected: written }
    },
  )
}
