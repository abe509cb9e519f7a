import { render } from 'preact'
import { App } from './parts/app.tsx'
import { start } from './state/session.ts'
import './style/base.css'
import './style/layout.css'
import './style/sidebar.css'
import './style/header.css'
import './style/conversation.css'
import './style/message.css'
import './style/composer.css'
import './style/card.css'
import './style/blocks.css'
import './style/table.css'
import './style/chart.css'
import './style/code.css'
import './style/progress.css'
import './style/form.css'

const root = document.getElementById('page')
if (root) render(<App />, root)
void start()
