import { InputError } from '../core/errors.ts'
import { ciServices } from './ci-services.ts'
import { commandLine } from './command-line.ts'
import { compose } from './compose.ts'
import { configMap } from './config-map.ts'
import { containerfile } from './containerfile.ts'
import { druidConfig } from './druid-config.ts'
import { environmentFile } from './environment-file.ts'
import type { FileContent, FileForm } from './file-form.ts'
import { helmValues } from './helm-values.ts'
import { inventory } from './inventory.ts'
import { k3sConfig } from './k3s-config.ts'
import { kubeadmConfig } from './kubeadm-config.ts'
import { machineConfig } from './machine-config.ts'
import { notADeployment } from './not-a-deployment.ts'
import { operatorResource } from './operator-resource.ts'
import { pod } from './pod.ts'
import { quadlet } from './quadlet.ts'
import { roleVariables } from './role-variables.ts'
import { supervisor } from './supervisor.ts'
import { systemdUnit } from './systemd-unit.ts'
import { talosConfig } from './talos-config.ts'
import { readYaml } from './text/yaml-document.ts'
import { yamlFile } from './yaml-file.ts'

/**
 * Every form in which a deployment can be given, in the order in which they are tried: the first one
 * that recognises a file reads it.
 */
const fileForms: readonly FileForm[] = [
  systemdUnit,
  quadlet,
  ciServices,
  supervisor,
  containerfile,
  inventory,
  pod,
  operatorResource,
  configMap,
  machineConfig,
  notADeployment,
  kubeadmConfig,
  talosConfig,
  compose,
  k3sConfig,
  helmValues,
  roleVariables,
  druidConfig,
  yamlFile,
  environmentFile,
  commandLine,
]

/** The forms that `--form` may name. */
export const namedForms = fileForms.filter((form) => form !== notADeployment)

/** The form of that name; throws an InputError that lists the names. */
export function formNamed(name: string): FileForm {
  const form = namedForms.find((each) => each.name === name)
  if (form !== undefined) return form
  const known = namedForms.map((each) => each.name).join(', ')
  throw new InputError(`Expected \`--form\` to be one of ${known}, got \`${name}\``)
}

/** The content of a file, and the form that recognises it. */
export function recognise(text: string): { content: FileContent; form: FileForm | undefined } {
  const content = contentOf(text)
  return { content, form: fileForms.find((form) => form.recognises(content)) }
}

/** Without the byte order mark and the carriage returns of other systems' editors. */
export function contentOf(raw: string): FileContent {
  const text = raw.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const { documents, problems } = readYaml(text)
  const isYaml = problems.length === 0 && documents.some(({ kind }) => kind !== 'scalar')
  return { text, documents: isYaml ? documents : undefined }
}
