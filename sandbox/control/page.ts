/** The control page: plain HTML, one script, no build. It shows what is out of the ordinary and has a lever for each. */
export const controlPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sandbox control</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
  fieldset { border: 1px solid #8886; border-radius: 8px; margin: 0 0 1rem; padding: .75rem 1rem; }
  legend { font-weight: 600; padding: 0 .4rem; }
  form { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: end; margin: .25rem 0; }
  label { display: flex; flex-direction: column; font-size: .8rem; }
  label.tick { flex-direction: row; gap: .3rem; align-items: center; }
  input, select, button { font: inherit; padding: .25rem .5rem; }
  input[type=number] { width: 6.5rem; }
  li { margin: .2rem 0; }
  #message { min-height: 1.5em; font-weight: 600; }
  #message.bad { color: #c62828; }
</style>
<h1>Sandbox control</h1>
<p id="clock">…</p>
<p id="message" role="status"></p>
<fieldset><legend>What is set now</legend><ul id="active"><li>…</li></ul>
  <form data-action="reset"><button>Reset everything</button></form></fieldset>
<fieldset><legend>Time</legend>
  <form data-action="speed"><label>Simulated seconds per second<input name="speed" type="number" min="0.01" max="3600" step="any" value="1"></label><button>Set speed</button></form>
  <form data-action="pause"><label class="tick"><input name="paused" type="checkbox"> paused</label><button>Set</button></form></fieldset>
<fieldset><legend>Break a service</legend>
  <form data-action="faults"><label>Service<select name="service" data-list="services"></select></label>
    <label>Namespace<select name="namespace" data-list="namespaces"></select></label>
    <label>Error share (0 to 1)<input name="errorShare" type="number" min="0" max="1" step="any" value="0"></label>
    <label>Added latency, ms<input name="latencyMs" type="number" min="0" value="0"></label>
    <label>Leak, MiB per minute<input name="leakMiBPerMinute" type="number" min="0" step="any" value="0"></label>
    <label>Cannot reach<select name="unreachable" data-list="services" data-many multiple size="3"></select></label>
    <label class="tick"><input name="crash" type="checkbox"> crash now</label>
    <label class="tick"><input name="unready" type="checkbox"> not ready</label><button>Set</button></form></fieldset>
<fieldset><legend>Traffic, nodes, registry, quota</legend>
  <form data-action="spike"><label>Namespace<select name="namespace" data-list="namespaces"></select></label>
    <label>Times the usual<input name="factor" type="number" min="0" max="100" step="any" value="4"></label>
    <label>Minutes<input name="minutes" type="number" min="1" value="30"></label><button>Start spike</button></form>
  <form data-action="node"><label>Node<select name="node" data-list="nodes"></select></label>
    <label class="tick"><input name="down" type="checkbox"> down</label><button>Set</button></form>
  <form data-action="registry"><label class="tick"><input name="down" type="checkbox"> registry down</label><button>Set</button></form>
  <form data-action="quota"><label>Namespace<select name="namespace" data-list="namespaces"></select></label>
    <label>Limits, as JSON<input name="hard" data-json size="40" value='{"pods":"12"}'></label><button>Set quota</button></form></fieldset>
<fieldset><legend>Publish an image version</legend>
  <form data-action="publish"><label>Service<select name="service" data-list="services"></select></label>
    <label>Version<input name="version" value="1.7.0" size="8"></label>
    <label>Behaviour<select name="behaviour" data-list="behaviours"></select></label><button>Publish</button></form></fieldset>
<fieldset><legend>Trouble in the Kubernetes API</legend>
  <form data-action="api-fault"><label>Verb<input name="verb" size="7" data-optional></label>
    <label>Resource<input name="resource" placeholder="apps/deployments" data-optional></label>
    <label>Namespace<input name="namespace" data-optional></label>
    <label>Latency, ms<input name="latencyMs" type="number" min="0" data-optional></label>
    <label>Error rate (0 to 1)<input name="errorRate" type="number" min="0" max="1" step="any" data-optional></label>
    <label>Status<input name="errorStatus" type="number" min="400" max="599" data-optional></label>
    <label class="tick"><input name="blackhole" type="checkbox"> never answer</label>
    <label class="tick"><input name="conflictOnce" type="checkbox"> one conflict</label><button>Add</button></form></fieldset>
<script>
  const at = (id) => document.getElementById(id)
  let filled = false
  async function send(action, body) {
    const answer = await fetch('/control/api/' + action, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
    const data = await answer.json()
    at('message').textContent = answer.ok ? 'Done.' : data.error
    at('message').className = answer.ok ? '' : 'bad'
    if (answer.ok) show(data.state)
  }
  function read(form) {
    const body = {}
    for (const field of form.elements) {
      if (!field.name) continue
      if (field.type === 'checkbox') body[field.name] = field.checked
      else if ('many' in field.dataset) body[field.name] = [...field.selectedOptions].map((option) => option.value)
      else if ('optional' in field.dataset && field.value === '') continue
      else if ('json' in field.dataset) body[field.name] = JSON.parse(field.value)
      else body[field.name] = field.type === 'number' ? Number(field.value) : field.value
    }
    return body
  }
  function entry(text, action, body) {
    const item = document.createElement('li')
    item.textContent = text + ' '
    if (action) {
      const button = document.createElement('button')
      button.textContent = 'Put back'
      button.onclick = () => send(action, body)
      item.append(button)
    }
    return item
  }
  function show(state) {
    at('clock').textContent = 'Simulated time ' + state.now.replace('T', ' ').slice(0, 19) + ' UTC, speed ' + state.speed + (state.paused ? ', paused' : '')
    const items = [
      ...state.faults.map(({ service, namespace, faults }) => entry(namespace + '/' + service + ': ' + JSON.stringify(faults), 'faults/clear', { service, namespace })),
      ...state.nodes.filter((node) => node.down).map(({ name }) => entry(name + ' is down', 'node', { node: name, down: false })),
      ...(state.registryDown ? [entry('the registry is down', 'registry', { down: false })] : []),
      ...state.spikes.map(({ namespace, factor, until }) => entry(namespace + ': traffic × ' + factor + ' until ' + until, 'spike', { namespace, factor: 1 })),
      ...state.apiFaults.map(({ id, fault }) => entry('API: ' + JSON.stringify(fault), 'api-fault/remove', { id })),
      ...state.published.map(({ service, version, behaviour }) => entry('published ' + service + ' ' + version + ' (' + behaviour + ')')),
      ...state.quotas.map(({ namespace, name, hard }) => entry('quota ' + namespace + '/' + name + ': ' + JSON.stringify(hard))),
    ]
    at('active').replaceChildren(...(items.length ? items : [entry('nothing')]))
    if (filled) return
    filled = true
    for (const select of document.querySelectorAll('select')) {
      for (const option of state[select.dataset.list]) select.add(new Option(option.name ?? option))
    }
  }
  document.addEventListener('submit', (event) => {
    event.preventDefault()
    try {
      send(event.target.dataset.action, read(event.target))
    } catch (error) {
      at('message').textContent = 'This is no JSON: ' + error.message
      at('message').className = 'bad'
    }
  })
  async function refresh() {
    const answer = await fetch('/control/api/state')
    if (answer.ok) show(await answer.json())
  }
  refresh()
  setInterval(refresh, 3000)
</script>
</html>
`
