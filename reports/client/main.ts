import { startFilters } from './filters.ts'
import { redrawAll } from './plots.ts'
import { startRoutes } from './route.ts'

document.documentElement.classList.add('js')
startFilters()
startRoutes()
startCopyButtons()
startJumps()
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redrawAll)
redrawWhenResized()

function startCopyButtons(): void {
  for (const button of document.querySelectorAll('.copy')) {
    button.addEventListener('click', async () => {
      const code = button.previousElementSibling
      try {
        await navigator.clipboard.writeText(code?.textContent ?? '')
        button.textContent = 'Copied'
      } catch {
        if (code !== null) getSelection()?.selectAllChildren(code)
        button.textContent = 'Selected'
      }
    })
  }
}

function startJumps(): void {
  for (const button of document.querySelectorAll<HTMLElement>('.jump')) {
    button.addEventListener('click', () => {
      const culprit = document.getElementById(button.dataset.target ?? '')
      culprit?.scrollIntoView({ block: 'center', inline: 'center' })
      culprit?.focus({ preventScroll: true })
    })
  }
}

function redrawWhenResized(): void {
  let width = innerWidth
  let waiting = 0
  addEventListener('resize', () => {
    if (innerWidth === width) return
    width = innerWidth
    clearTimeout(waiting)
    waiting = setTimeout(redrawAll, 120)
  })
}
