/** More scenarios than this that did not run are hidden at first; one press shows them. */
const crowd = 10

/** Shows the rows with a chosen outcome (any when none is chosen), the suite and the text. */
export function startFilters(): void {
  const form = document.querySelector<HTMLFormElement>('.filters')
  if (form === null) return
  const rows = [...document.querySelectorAll<HTMLElement>('.scenarios tbody tr')]
  const chips = [...form.querySelectorAll<HTMLElement>('.chip')]
  const suite = form.querySelector<HTMLSelectElement>('select')
  const text = form.querySelector<HTMLInputElement>('input')

  const apply = () => {
    const outcomes = chips
      .filter((chip) => chip.getAttribute('aria-pressed') === 'true')
      .map((chip) => chip.dataset.outcome)
    const words = (text?.value ?? '').toLowerCase().split(/\s+/)
    let shown = 0
    for (const row of rows) {
      const { outcome, suite: ofSuite, search = '' } = row.dataset
      const fits =
        (outcomes.length === 0 || outcomes.includes(outcome)) &&
        (!suite?.value || suite.value === ofSuite) &&
        words.every((word) => search.includes(word))
      row.hidden = !fits
      if (fits) shown++
    }
    const output = form.querySelector('.shown')
    if (output !== null) output.textContent = `${shown} of ${rows.length}`
    const none = document.querySelector<HTMLElement>('.none')
    if (none !== null) none.hidden = shown > 0
  }

  const notRun = rows.filter((row) => row.dataset.outcome === 'not-run').length
  if (notRun > crowd && notRun < rows.length) {
    for (const chip of chips) {
      chip.setAttribute('aria-pressed', String(chip.dataset.outcome !== 'not-run'))
    }
    apply()
  }
  for (const chip of chips) {
    chip.addEventListener('click', () => {
      chip.setAttribute('aria-pressed', String(chip.getAttribute('aria-pressed') !== 'true'))
      apply()
    })
  }
  form.addEventListener('input', apply)
  form.addEventListener('submit', (event) => event.preventDefault())
}
