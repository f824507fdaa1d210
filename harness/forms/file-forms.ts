import { InputError } from '../core/errors.ts'
import { inventory } from './ansible/inventory.ts'
import { roleVariables } from './ansible/role-variables.ts'
import { ciServices } from './containers/ci-services.ts'
import { compose } from './containers/compose.ts'
import { containerfile } from './containers/containerfile.ts'
import { k0sConfig } from './deployers/k0s-config.ts'
import { k3sConfig } from './deployers/k3s-config.ts'
import { karmadaConfig } from './deployers/karmada-config.ts'
import { kopsCluster } from './deployers/kops-cluster.ts'
import { kubeadmConfig } from './deployers/kubeadm-config.ts'
import { rkeCluster } from './deployers/rke-cluster.ts'
import { talosConfig } from './deployers/talos-config.ts'
import { vclusterValues } from './deployers/vcluster-values.ts'
import { notADeployment } from './deployment/not-a-deployment.ts'
import { commandLine } from './etcd/command-line.ts'
import { yamlFile } from './etcd/yaml-file.ts'
import type { FileContent, FileForm } from './file-form.ts'
import { configMap } from './kubernetes/config-map.ts'
import { druidConfig } from './kubernetes/druid-config.ts'
import { helmValues } from './kubernetes/helm-values.ts'
import { operatorResource } from './kubernetes/operator-resource.ts'
import { pod } from './kubernetes/pod.ts'
import { environmentFile } from './machines/environment-file.ts'
import { machineConfig } from './machines/machine-config.ts'
import { quadlet } from './machines/quadlet.ts'
import { supervisor } from './machines/supervisor.ts'
import { systemdUnit } from './machines/systemd-unit.ts'
import { readYaml } from './text/yaml-document.ts'

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
  k0sConfig,
  kopsCluster,
  rkeCluster,
  karmadaConfig,
  vclusterValues,
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
