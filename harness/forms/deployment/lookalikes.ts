import { keysOf } from '../etcd/yaml-file.ts'
import { entriesAt, textAt, valueAt, type YamlValue } from '../text/yaml-document.ts'

/** Texts that may speak of etcd, in a form that is not read; each with what to give instead. */
const texts: readonly { readonly is: RegExp; readonly found: string }[] = [
  {
    is: /^[ \t]*job[ \t]+"[^"\n]+"[ \t]*\{/m,
    found: "a job of Nomad, which is not read: give etcd's flags or its environment",
  },
  {
    is: /^(resource|data|module|variable|provider|terraform|locals|output)\b[^\n=]*\{\s*$/m,
    found: 'a file of Terraform, which is not read: give what it makes',
  },
  {
    is: /^[ \t]*services\.etcd\b|^[ \t]*\{[ \t]*(pkgs|lib|config)\b[^}\n]*\}[ \t]*:/m,
    found: 'a module of NixOS, which is not read: give the unit of etcd that it makes',
  },
  {
    is: /^#!\/sbin\/(openrc-run|runscript)/,
    found: 'an init script of OpenRC, which is not read: give its variables and command_args',
  },
  {
    is: /^\[etcd\]\s*\n\s*[\w.-]+ = /m,
    found:
      'the configuration of a client, which says where an etcd is and not how it is configured',
  },
  { is: /^Vagrant\.configure/m, found: 'a Vagrantfile, which is not read: give what it makes' },
  {
    is: /^\s*\$env:\w+\s*=/m,
    found: "a script of PowerShell, which is not read: give etcd's command line",
  },
  {
    is: /^\s*@echo off\b|^[^='"\n]*\betcd\.exe\s|^\s*set [A-Z_]+=/im,
    found: "a batch file of Windows, which is not read: give etcd's command line",
  },
  {
    is: /^(start|stop) on \w|^\s*end script\s*$/m,
    found: 'a job of Upstart, which is not read: give its command and its variables',
  },
  {
    is: /^\.\s+\/etc\/rc\.subr|^load_rc_config\b/m,
    found: 'an rc script of BSD, which is not read: give its command and its flags',
  },
  {
    is: /^\[Kube\]\s*$/m,
    found: 'a quadlet of Pods, which is not read: give the file of its Yaml=',
  },
  {
    is: /^\s*(class|define|node|etcd::\w+)\s*\{\s*['"]/m,
    found: 'a manifest of Puppet, which is not read: give what it makes',
  },
  {
    is: /^\s*etcd_\w+\s+['"].*['"]\s+do\s*$/m,
    found: 'a recipe of Chef, which is not read: give what it makes',
  },
  {
    is: /^\s*<!DOCTYPE plist/m,
    found: 'a job of launchd, which is not read: give its arguments as a command line',
  },
]

/** YAML of others, by what it is. */
const documents: readonly {
  readonly is: (document: YamlValue) => boolean
  readonly found: string
}[] = [
  {
    is: (document) => textAt(document, 'kind') === 'CustomResourceDefinition',
    found: 'a definition of resources of Kubernetes, which starts nothing: give a resource',
  },
  {
    is: (document) => textAt(document, 'kind') === 'Kustomization',
    found: 'a kustomization: give the files that it names, or what `kubectl kustomize` prints',
  },
  {
    is: (document) => {
      const keys = itemsOf(document).flatMap((item) => keysOf(item))
      return keys.includes('op') && keys.includes('path')
    },
    found: 'a patch of Kustomize: give what `kubectl kustomize` prints',
  },
  {
    is: (document) => {
      const keys = keysOf(document)
      return ['apiVersion', 'name', 'version'].every((key) => keys.includes(key))
    },
    found: 'the description of a Helm chart: give its values, or what it makes',
  },
  {
    is: (document) =>
      keysOf(document).some((key) => /^(tls-san|write-kubeconfig-mode|node-name)/.test(key)),
    found: 'a configuration file of k3s or RKE2 that sets nothing of etcd',
  },
  {
    is: (document) => isTasks(document),
    found: 'tasks or a playbook of Ansible, which are not read: give what they make',
  },
  {
    is: (document) => valueAt(document, 'containerDefinitions') !== undefined,
    found: 'a task of ECS, which is not read: give its command and its environment',
  },
  {
    is: (document) => valueAt(itemsOf(document)[0], 'Config', 'Env') !== undefined,
    found:
      'the description of a container, which is not read: give its command and its environment',
  },
  {
    is: (document) => valueAt(document, 'etcd', 'server', 'members') !== undefined,
    found: 'a pillar of Salt, which is not read: give what it makes',
  },
  {
    is: (document) => clientsIn(document, 0),
    found:
      'the configuration of a client, which says where an etcd is and not how it is configured',
  },
]

/** What a text in no form that is read seems to be; undefined where nothing tells. */
export function nameLookalike(text: string, yaml: readonly YamlValue[] = []): string | undefined {
  const found = yaml.flatMap((document) => documents.filter(({ is }) => is(document)))
  const makefile = 'a Makefile, in which no rule starts etcd: give what starts it'
  if (found.length === 0 && /^[\w.-]+:[^=\n]*\n\t(@|.*\$\()/m.test(text))
    return nameText(text) ?? makefile
  const page = 'a page with blocks of code: give each in a file of its own'
  const named = found[0]?.found ?? nameText(text)
  if (named === undefined && isShellScript(text)) return withoutStart
  return named ?? (isPage(text) ? page : undefined)
}

/** What a script is that only installs or copies. */
export const withoutStart =
  'a script in which no command starts etcd: give the files that it installs'

export function isShellScript(text: string): boolean {
  return /^#!.*\b(ba|da|z|k)?sh\b/.test(text)
}

/** Of Markdown. */
export function isPage(text: string): boolean {
  return /^\s*```/m.test(text)
}

/** The same for a text that may hold a command of etcd, which would not be read as it is meant. */
export function nameText(text: string): string | undefined {
  return texts.find(({ is }) => is.test(text))?.found
}

const itemsOf = (value: YamlValue) => (value.kind === 'list' ? value.items : [])

function isTasks(document: YamlValue): boolean {
  const keys = itemsOf(document).flatMap((item) => keysOf(item))
  return keys.some((key) =>
    /^(hosts|tasks|roles|become|register|notify|(ansible\.\w+\.)?\w*(\w+_container|systemd|template|copy|command|shell))$/.test(
      key,
    ),
  )
}

/** Whether a map `etcd`, not deeper than a few maps, says where one is. */
function clientsIn(value: YamlValue, depth: number): boolean {
  const isClient = (key: string, of: YamlValue) =>
    /^etcd3?$/.test(key) &&
    ['host', 'hosts', 'endpoint', 'endpoints', 'address', 'addresses', 'prefix', 'url'].some(
      (wanted) => valueAt(of, wanted) !== undefined,
    )
  return entriesAt(value).some(
    ({ key, value: of }) => isClient(key, of) || (depth < 3 && clientsIn(of, depth + 1)),
  )
}
