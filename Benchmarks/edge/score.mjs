// Counts the passes of a run of the public caching suite: node score.mjs CHECKOUT < results.json
// A test counts as passed only when the tests it depends on passed too, as on the suite's own pages. Prints JSON.
import fs from 'fs'
import path from 'path'
import { pathToFileURL } from 'url'

const load = file => import(pathToFileURL(path.resolve(process.argv[2], file)))
const suites = (await load('tests/index.mjs')).default
const { determineTestResult, resultTypes } = await load('test-engine/lib/results.mjs')
const results = JSON.parse(fs.readFileSync(0, 'utf8'))

const outcomeName = type => Object.keys(resultTypes).find(key => resultTypes[key] === type)
const passed = { required: 0, optimal: 0, check: 0 }
const counted = { required: 0, optimal: 0, check: 0 }
const failed = []
for (const suite of suites) {
  for (const test of suite.tests) {
    if (test.browser_only) continue
    const kind = test.kind || 'required'
    const outcome = outcomeName(determineTestResult(suites, test.id, results))
    counted[kind]++
    if (outcome === 'pass' || outcome === 'yes') {
      passed[kind]++
      continue
    }
    const reason = Array.isArray(results[test.id]) ? results[test.id].join(': ') : ''
    failed.push({ id: test.id, suite: suite.id, kind, outcome, reason })
  }
}
console.log(JSON.stringify({ passed, counted, failed }, null, 1))
