import type { FileForm, NotUnderstood } from '../file-form.ts'
import type { Variable } from '../given.ts'
import type { Word } from '../text/etcd-command.ts'
import { isEtcdImage } from '../text/find-etcd.ts'
import { shellWords } from '../text/shell.ts'
import { entriesAt, itemsAt, textAt, valueAt, type YamlValue } from '../text/yaml-document.ts'
import type { ContainerCommand } from './container-command.ts'
import { readContainers } from './container-command.ts'

/** The containers that a job of a workflow has beside it: those of GitHub's and of GitLab's. */
export const ciServices: FileForm = {
  name: 'workflow',
  title: 'the services of a CI workflow (GitHub, GitLab)',
  recognises: ({ documents: [document] = [] }) => servicesIn(document).some(isEtcds),
  read: ({ documents: [document] = [] }) => readContainers(servicesIn(document).filter(isEtcds)),
}

const isEtcds = (container: ContainerCommand) => container.isEtcdImage

function servicesIn(document: YamlValue | undefined): readonly ContainerCommand[] {
  const ofGitHub = entriesAt(document, 'jobs').flatMap(({ value }) =>
    entriesAt(value, 'services').map((entry) =>
      serviceOf(entry.value, { label: entry.key, variables: variablesAt(entry.value, 'env') }),
    ),
  )
  const shared = variablesAt(document, 'variables')
  const jobs = [document, ...entriesAt(document).map(({ value }) => value)]
  const ofGitLab = jobs.flatMap((job) =>
    itemsAt(job, 'services').map((item) => {
      const variables = [
        ...shared,
        ...variablesAt(job, 'variables'),
        ...variablesAt(item, 'variables'),
      ]
      return serviceOf(item, { label: textAt(item, 'alias') ?? '', variables })
    }),
  )
  return [...ofGitHub, ...ofGitLab]
}

/** A service is the name of an image, or a map. */
function serviceOf(
  service: YamlValue,
  { label, variables }: { readonly label: string; readonly variables: readonly Variable[] },
): ContainerCommand {
  const image = service.kind === 'scalar' ? service : imageAt(service)
  const reference = image?.kind === 'scalar' ? image.text : ''
  const options = valueAt(service, 'options')
  const isLost =
    options?.kind === 'scalar' && /(^|\s)(-e|--env(-file)?|--entrypoint)\b/.test(options.text)
  const unknown: NotUnderstood = {
    setting: 'options',
    value: isLost ? options.text.trim() : '',
    line: options?.line ?? 1,
    why: 'options of the container that set something are not read: give them as env',
  }
  return {
    label,
    words: ['entrypoint', 'command'].flatMap((part) => wordsOf(valueAt(service, part))),
    variables,
    ...(isLost && { unknown: [unknown] }),
    ...(image !== undefined && reference !== '' && { image: { reference, line: image.line } }),
    isEtcdImage: isEtcdImage(reference),
  }
}

const imageAt = (service: YamlValue) => valueAt(service, 'image') ?? valueAt(service, 'name')

function wordsOf(value: YamlValue | undefined): readonly Word[] {
  if (value?.kind === 'scalar') {
    return shellWords(value.text).map((text) => ({ text, line: value.textLine }))
  }
  return itemsAt(value).flatMap((item) =>
    item.kind === 'scalar' ? [{ text: item.text, line: item.textLine }] : [],
  )
}

function variablesAt(value: YamlValue | undefined, key: string): readonly Variable[] {
  return entriesAt(value, key).flatMap((entry) =>
    entry.value.kind === 'scalar'
      ? [{ name: entry.key, value: entry.value.text, line: entry.line }]
      : [],
  )
}
