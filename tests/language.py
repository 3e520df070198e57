"""One scenario that uses every element of the language, for tests."""

WHOLE = """
scenario: whole-language
title: {en: "The whole language", zh: "全部语言"}
about: {en: "Uses every element once", zh: "每个元素用一次"}
documents:
  notice: {title: "A notice", issuer: "An office", date: 2023-05-01, kind: outside, address: "https://example.org"}
run: {start: 2023-02-06, time-zone: Asia/Shanghai, warm-up: 8 weeks, window: 26 weeks, follow-for: 26 weeks,
      evidence-window: 8 weeks, calendar: office, seed: 7, reps: 3}
calendars:
  office: {region: CN, open: {mon-fri: ["09:00-12:00", "14:00-18:00"]}, closed: [2023-05-02],
           extra: {2023-05-06: ["09:00-12:00"]}, make-up-hours: ["09:00-12:00"], time-zone: Asia/Shanghai,
           title: {en: "Office hours", zh: "办公时间"}}
  early: {open: {"mon, wed": ["06:00-14:00"]}}
  late: {open: {fri-mon: ["22:00-06:00"], tue: []}}
  always: {open: always}
numbers:
  handling: {assume: [10 min, 40 min], likely: 20 min, why: "similar desks", source: "a yearbook"}
  half: {fact: 50 %, document: notice, at: "item 2", note: "rounded"}
cases:
  classes:
    question: {share: {fact: 0.6, document: notice, at: "item 1"}, priority: 2, attributes: {size: small}, title: {en: "Question", zh: "咨询"}}
    request: {share: rest, priority: 1}
  attributes: {size: {small: {assume: [0.5, 0.9], why: "usual"}, large: rest}}
  arrive:
    main: {count: {fact: 1200, document: notice, at: "item 1"}, per: {assume: [20 weeks, 30 weeks], why: "not stated"},
           during: office, growth: {assume: [0, 0.2], why: "as before"}, exactly: true,
           profile: {weekday: {mon: 1, tue-fri: 1}, hours: {"09:00-11:00": 1, "14:00-18:00": 1}}}
    other: {count: {assume: [10, 30], why: "a few"}, per: 1 year, classes: {question: rest, request: {assume: [0.1, 0.2], why: "rare"}}}
    letters: {at: [2023-02-06 09:00, 2023-03-06 10:30], class: request}
  backlog: [{at: check-papers, count: {assume: [10, 30], why: "as counted elsewhere"}, age: {uniform: [{assume: [1 day, 2 days], why: "x"}, {assume: [5 days, 9 days], why: "x"}]}}]
  patience: {exponential: {mean: {assume: [100 days, 300 days], why: "few give up"}}}
  counts: {papers: {fact: 312, document: notice, at: "item 3"}}
pools:
  clerks: {size: {assume: [3, 6], likely: 4, why: "as seen", name: clerks}, on: office, queue: class, room: 500}
  night: {groups: [{size: 1, on: early}, {size: {assume: [1, 3], why: "shifts"}, on: late}], queue: shortest-effort}
  officers: {size: {assume: [20, 40], why: "as seen"}, on: office, queue: earliest-due, title: {en: "Officers", zh: "人员"}}
process:
  - mark: accepted
  - step: check-papers
    title: {en: "Check the papers", zh: "核对材料"}
    by: {any: [clerks, {clerks: 1, night: 1}, [night, officers]]}
    effort: {lognormal: {mean: {dial: [20 min, 8 h], direction: up, why: "never measured"}, cv: {assume: [0.5, 1], why: "usual"}}}
    hands: government
    at-shift-end: finish
    patience: none
    counts: {visits: 1}
    limit: {within: {fact: 20 working days, document: notice, at: "item 4"}, clock: legal, calendar: office, missed: {move-to: officers, class: request}}
    stops-clock: true
  - wait: post
    for: {lognormal: {median: {assume: [1 working day, 3 working days], why: "post"}, p90: {assume: [5 working days, 9 working days], why: "post"}}}
    hands: third-party
    calendar: office
    stops-clock: true
    counts: {letters: 1}
  - choice: route
    options:
      simple: {share: {complement: {use: half}}, do: []}
      complex: {share: {use: half}, do: [{step: visit-site, by: [clerks, officers], effort: {use: handling}}]}
  - choice: by-size
    by: size
    options:
      small: {do: []}
      else: {do: [{end: refused, status: refused, title: {en: "Refused", zh: "不予受理"}}]}
  - choice: by-class
    by: class
    options: {question: {do: []}, request: {do: [{wait: cool-off, for: {sum: [{use: handling}, {product: [{use: handling}, {use: half}]}]}}]}}
  - repeat: supplement
    do: [{step: review, by: {officers: 1}, effort: {mixture: [{weight: 1, of: {pert: [{use: handling}, {product: [{use: handling}, {quotient: [{use: half}, {assume: [0.1, 0.2], why: "x"}]}]}, {assume: [200 min, 300 min], why: "x"}]}}, {weight: 1, of: {constant: {use: handling}}}]}}]
    again: {assume: [0.15, 0.45], likely: 0.3, why: "usual"}
    at-most: 4
    redo: [{wait: mends, for: {weibull: {shape: 1, mean: {use: handling}}}, hands: applicant}]
  - parallel: opinions
    branches:
      fire: [{step: fire, by: officers, effort: {erlang: {k: 1, mean: {use: handling}}}, at-shift-end: pause}]
      water: [{step: water, by: officers, effort: {uniform: [{use: handling}, {assume: [1 h, 2 h], why: "x"}]}, at-shift-end: fits}]
  - batch: panel
    on: {every: {fact: 2 weeks, document: notice, at: "item 5"}, weekday: tue, at: "14:00", calendar: office, from: 2023-02-07}
    agenda: {minutes: {assume: [60, 120], why: "half a day"}}
    order: earliest-due
    cut-off: {fact: 1 working day, document: notice, at: "item 5"}
    attend: {officers: 1}
    effort: {each: {gamma: {mean: {use: handling}, cv: 1}}}
    hands: government
    counts: {meetings: 1}
  - batch: days
    on: {month-days: [1, 15], at: "10:00"}
    agenda: {assume: [3, 5], why: "as minuted"}
  - batch: listed
    on: {dates: [2023-03-01, 2023-04-03], at: "10:00", calendar: office}
  - batch: bundle
    when: {size: {assume: [5, 10], why: "a box"}, or-after: {assume: [5 working days, 15 working days], why: "post day"}, calendar: office}
    bundle: true
    attend: [officers]
    effort: {whole: {triangular: [{use: handling}, {use: handling}, {assume: [1 h, 2 h], why: "x"}]}}
  - step: carry
    by: clerks
    effort: {empirical: {values: [{use: handling}, {assume: [1 h, 2 h], why: "x"}], weights: [1, 1]}}
  - unbundle: bundle
  - block: administration
    hold: officers
    limit: {fact: 100 working days, document: notice, at: "item 6"}
    patience: {empirical: [{use: handling}, {assume: [1 h, 2 h], why: "x"}]}
    counts: {fees: 1}
    do:
      - for-each: permits
        as: parallel
        over: {fire-permit: {file.effort: {assume: [1 h, 2 h], why: "larger"}}, water-permit: {}}
        pools: {desk: {size: 1, on: office}}
        do: [{step: file, by: desk, effort: {exponential: {mean: {assume: [10 min, 1 h], why: "x", independent: "desks differ"}}}}]
      - for-each: rooms
        as: sequence
        over: [first, second]
        do: [{step: clean, by: clerks, effort: {scaled: {constant: {use: handling}, }, times: {use: half}}}]
  - mark: decided
reform:
  - lever: shared-data
    title: {en: "Data are shared", zh: "数据共享"}
    from: {document: notice, at: "item 7", note: "in force in May"}
    edits:
      - scale: supplement.again
        times: {assume: [0.1, 0.4], why: "fewer papers"}
      - set: visit-site.effort
        to: {assume: [5 min, 15 min], why: "by video"}
      - insert: [{mark: asked}, {step: ask, by: helpers, effort: {use: quick}}]
        before: check-papers
      - insert-pools: {helpers: {size: 1, on: evenings}}
      - insert-calendars: {evenings: {open: {mon-fri: ["18:00-21:00"]}}}
      - insert-numbers: {quick: {assume: [1 min, 2 min], why: "a glance"}}
  - lever: one-desk
    from: {document: notice, at: "item 8"}
    edits:
      - merge: [fire, water]
        as: opinion
        by: officers
        times: {assume: [0.5, 1], why: "one visit"}
  - lever: fast-track
    from: {document: notice, at: "item 9"}
    edits:
      - route: route
        shares: {simple: {assume: [0.7, 0.9], why: "as planned"}}
      - calendar: clerks
        to: always
      - move: post
        after: supplement
      - remove: cool-off
context:
  - context: growth
    from: {document: notice, at: "item 10"}
    edits:
      - scale: cases.arrive.main.count
        times: {assume: [1, 1.2], why: "more people"}
      - insert-streams: {web: {count: {assume: [10, 20], why: "x"}, per: 1 year}}
readings:
  - reading: plain
    why: "as the document says"
    edits: []
  - reading: long
    title: {en: "Long reading", zh: "另一种读法"}
    why: "it may mean the other thing"
    edits:
      - set: claims.desk.mean.population
        to: arrived-in
claims:
  - claim: desk.mean
    title: {en: "Mean time", zh: "平均时间"}
    document: {document: notice, at: "item 11", says: "days from acceptance to decision"}
    from: accepted
    to: decided
    class: [question, request]
    outcome: [done]
    population: closed-in
    statistic: mean
    clock: working-time
    calendar: office
    unit: working days
    before: 30
    after: [20, 25]
    change: null
    comparator: range
    scale: level
    why: "as written"
    calibrate: true
  - claim: desk.share
    document: {document: notice, at: "item 12"}
    spans: [[accepted, decided]]
    statistic: share
    within: 40 working days
    clock: working-dates
    unit: share
    after: 90 %
    comparator: at-least
    tolerance: 0.01
    why: "a promise"
"""
