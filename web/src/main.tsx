import { render } from 'preact'
import { App } from './parts/app.tsx'
import { start } from './state/session.ts'
import './style/base.css'
import './style/layout.css'
import './style/conversation.css'
import './style/card.css'
import './style/blocks.css'
import './style/form.css'

const root = document.getElementById('page')
if (root) render(<App />, root)
void start()
