//! From earned to paid, date by date: what each term is worth, what each limit takes and where it goes, what is paid,
//! and what the fund puts in and gets.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Columns, Flow, Line, Measure, Page, Reading, Step};
use crate::report::text::Goes;
use crate::scenario::model::Pays;
use crate::scenario::name::RETURN_CAP;

/// Up to this many payers each have a column.
pub(super) const MOST_PAYERS: usize = 3;

/// Amounts of a row by party, signed as they change what is paid.
type Amounts = BTreeMap<usize, i64>;

/// A row of the table.
struct Row {
    date: Date,
    label: String,
    amounts: Amounts,
    /// What the fund puts in (negative) or gets.
    fund: i64,
    /// Whether it is shown though no amount stands in a column.
    told: bool,
}

impl Row {
    fn is_paid(&self) -> bool {
        self.amounts.values().any(|ore| *ore != 0)
    }

    fn is_shown(&self) -> bool {
        self.told || self.fund != 0 || self.is_paid()
    }
}

impl Page<'_> {
    /// The table of an investment, of the payers that are shown.
    pub(super) fn money(&self, investment: usize) -> String {
        let rows = self.rows(investment);
        if rows.is_empty() {
            return super::paragraph(self.words.nothing);
        }
        let payers: BTreeSet<usize> = rows.iter().flat_map(|row| row.amounts.keys().copied()).collect();
        let fund = rows.iter().any(|row| row.fund != 0);
        if payers.len() <= MOST_PAYERS {
            self.wide(investment, &rows, &payers, fund)
        } else {
            self.long(investment, &rows)
        }
    }

    /// A column for each payer, and one for the fund.
    fn wide(&self, investment: usize, rows: &[Row], payers: &BTreeSet<usize>, fund: bool) -> String {
        let mut header = vec![self.words.date.to_owned(), self.words.step.to_owned()];
        header.extend(payers.iter().map(|payer| self.party(*payer)));
        if fund {
            header.push(self.fund_name(investment));
        }
        let mut columns = Columns::new(2, header);
        let mut before = None;
        for row in rows {
            let mut cells = vec![self.date_once(row, &mut before), row.label.clone()];
            let amount = |ore: i64| if ore == 0 { String::new() } else { self.ore(ore) };
            cells.extend(payers.iter().map(|payer| match row.amounts.get(payer).copied().unwrap_or(0) {
                0 if row.told && row.amounts.contains_key(payer) => self.ore(0),
                ore => amount(ore),
            }));
            if fund {
                cells.push(amount(row.fund));
            }
            columns.row(cells);
        }
        columns.text()
    }

    /// A row for each payer of a step.
    fn long(&self, investment: usize, rows: &[Row]) -> String {
        let (words, fund) = (self.words, self.fund_name(investment));
        let header = [words.date, words.step, words.payer, words.amount].map(str::to_owned);
        let mut columns = Columns::new(3, header.to_vec());
        let mut before = None;
        for row in rows {
            let mut label = row.label.clone();
            for (payer, ore) in row.amounts.iter().filter(|(_, ore)| **ore != 0) {
                let date = self.date_once(row, &mut before);
                columns.row(vec![date, std::mem::take(&mut label), self.party(*payer), self.ore(*ore)]);
            }
            if row.amounts.is_empty() || row.fund != 0 || (row.told && !row.is_paid()) {
                let (name, amount) =
                    if row.fund == 0 { Default::default() } else { (fund.clone(), self.ore(row.fund)) };
                columns.row(vec![self.date_once(row, &mut before), label, name, amount]);
            }
        }
        columns.text()
    }

    fn date_once(&self, row: &Row, before: &mut Option<Date>) -> String {
        let new = before.replace(row.date) != Some(row.date);
        if new { self.language.text().date(row.date) } else { String::new() }
    }

    fn fund_name(&self, investment: usize) -> String {
        let model = &self.view.scenario.investments[investment];
        let fund = model.funds.iter().find(|fund| fund.repayable);
        let party = fund.and_then(|fund| self.view.scenario.parties.keys().position(|id| *id == fund.party));
        party.map_or_else(String::new, |party| self.party(party))
    }

    fn rows(&self, investment: usize) -> Vec<Row> {
        let lines: Vec<&Line> = self.lines(investment).map(|(_, line)| line).collect();
        let dates: BTreeSet<Date> =
            lines.iter().filter(|l| matches!(l.step, Step::Flow(_))).filter_map(|l| l.date).collect();
        dates.into_iter().flat_map(|date| self.rows_of(date, &lines)).collect()
    }

    /// The rows of a date: put in, earned, limits in the order in which they act, paid.
    fn rows_of(&self, date: Date, lines: &[&Line]) -> Vec<Row> {
        let lines: Vec<&Line> = lines.iter().copied().filter(|line| line.date == Some(date)).collect();
        let (mut rows, mut settled) = (Vec::new(), Vec::new());
        for (step, item, of_item) in self.turns(&lines) {
            match step {
                Flow::Drawdown | Flow::Donation => rows.extend(self.put_in(date, step, &of_item)),
                Flow::Earned => rows.push(self.earned(date, &item, &lines, &of_item)),
                Flow::Guarantee | Flow::Returned => settled.push(self.settled(date, step, &item, &of_item)),
                Flow::Payment | Flow::Receipt | Flow::Fee => {}
                _ => rows.push(self.row(date, self.limited(&item, step, &lines), &of_item)),
            }
        }
        // What the fund puts in comes first, whichever line says it.
        rows.sort_by_key(|row| row.fund >= 0);
        rows.retain(Row::is_shown);
        let shown = rows;
        let paid = self.paid(date, &lines, &shown);
        settled.retain(Row::is_shown);
        shown.into_iter().chain(paid).chain(settled).collect()
    }

    /// What a guarantor pays to a fund, or a fund gives back: on the last day, after all payments and outside all limits.
    fn settled(&self, date: Date, flow: Flow, fund: &str, lines: &[&Line]) -> Row {
        let sign = if flow == Flow::Returned { -1 } else { 1 };
        let mut row = self.row(date, self.language.settled(fund, flow == Flow::Returned), lines);
        row.amounts.values_mut().for_each(|ore| *ore *= sign);
        row.fund = sign * lines.iter().map(|line| self.ledger.money(line, Measure::Amount)).sum::<i64>();
        row
    }

    /// What moves money on a date, in order, with the lines that say so. Falling on another payer is one movement.
    fn turns<'l>(&self, lines: &[&'l Line]) -> Vec<(Flow, String, Vec<&'l Line>)> {
        let mut turns: Vec<(Flow, String, Vec<&Line>)> = Vec::new();
        let moves = |of: Flow, item: &str| -> i64 {
            let same = lines.iter().filter(|line| line.step == Step::Flow(of) && line.item == item);
            same.map(|line| self.ledger.money(line, Measure::Amount)).sum()
        };
        for line in lines {
            let Step::Flow(flow) = line.step else { continue };
            let falls = flow == Flow::MovedIn
                && moves(flow, &line.item) != 0
                && moves(flow, &line.item) == moves(Flow::MovedOut, &line.item);
            let flow = if falls { Flow::MovedOut } else { flow };
            match turns.iter_mut().find(|(of, item, _)| (*of, item) == (flow, &line.item)) {
                Some((_, _, known)) => known.push(line),
                None => turns.push((flow, line.item.clone(), vec![line])),
            }
        }
        turns
    }

    fn row(&self, date: Date, label: String, lines: &[&Line]) -> Row {
        let mut amounts = Amounts::new();
        for line in lines {
            let Some(party) = line.party.filter(|party| self.view.party.is_none_or(|only| only == *party))
            else {
                continue;
            };
            let sign = if matches!(line.step, Step::Flow(Flow::Cut | Flow::MovedOut)) { -1 } else { 1 };
            *amounts.entry(party).or_default() += sign * self.ledger.money(line, Measure::Amount);
        }
        Row { date, label, amounts, fund: 0, told: false }
    }

    /// What a term brings in; told even when it is nothing because a condition is not met.
    fn earned(&self, date: Date, term: &str, lines: &[&Line], of_term: &[&Line]) -> Row {
        let unmet = |line: &&&Line| {
            line.step == Step::Amount
                && line.item == term
                && self.ledger.figure(line, Measure::Condition) == Some(Reading::Flag(false))
        };
        let row = self.row(date, self.worth(term, lines), of_term);
        if row.is_shown() || row.amounts.is_empty() || !lines.iter().any(|line| unmet(&line)) {
            return row;
        }
        Row { label: format!("{}, {}", row.label, self.words.unmet), told: true, ..row }
    }

    fn put_in(&self, date: Date, flow: Flow, lines: &[&Line]) -> Option<Row> {
        let party = lines.first()?.party?;
        let amount: i64 = lines.iter().map(|line| self.ledger.money(line, Measure::Amount)).sum();
        if flow == Flow::Drawdown {
            let label = self.words.puts_in.to_owned();
            return Some(Row { date, label, amounts: Amounts::new(), fund: -amount, told: false });
        }
        let shown = self.view.party.is_none_or(|only| only == party);
        let label = self.language.gives(&self.party(party), &self.ore(amount));
        // A donation is no payment: it stands in no column.
        shown.then(|| Row { date, label, amounts: Amounts::new(), fund: 0, told: true })
    }

    /// A term with its quantity and price.
    fn worth(&self, term: &str, lines: &[&Line]) -> String {
        let amounts: Vec<_> =
            lines.iter().filter(|line| line.step == Step::Amount && line.item == term).collect();
        let quantities: Vec<_> =
            amounts.iter().filter_map(|line| self.ledger.figure(line, Measure::Quantity)).collect();
        let people: Option<i64> = quantities
            .iter()
            .map(|quantity| if let Reading::People(people) = quantity { Some(*people) } else { None })
            .sum();
        let quantity = match (people.filter(|_| !quantities.is_empty()), quantities.as_slice()) {
            (Some(people), _) => self.reading(Reading::People(people)),
            (None, [one]) => self.reading(*one),
            _ => return term.to_owned(),
        };
        let mut prices: Vec<_> =
            amounts.iter().filter_map(|line| self.ledger.figure(line, Measure::Price)).collect();
        prices.dedup();
        let mut label = format!("{term}: {quantity}");
        if let [Reading::Number(price)] = prices.as_slice() {
            label.push_str(&format!(" x {}", self.number(*price)));
        }
        if let [line] = amounts.as_slice() {
            let times = self.ledger.figures(line).filter(|(measure, _)| *measure == Measure::Times);
            times.for_each(|(_, times)| label.push_str(&format!(" x {}", self.reading(times))));
        }
        if amounts.first().is_some_and(|line| self.pays_increase(line)) {
            label.push_str(&format!(", {}", self.words.increase));
        }
        label
    }

    fn pays_increase(&self, line: &Line) -> bool {
        let investment = line.investment.and_then(|index| self.view.scenario.investments.get(index));
        let mut terms = investment.iter().flat_map(|investment| &investment.terms);
        terms.any(|term| term.id.as_str() == line.item && term.pays == Pays::Increase)
    }

    /// A limit with what was left of it, and where the rest goes.
    fn limited(&self, item: &str, flow: Flow, lines: &[&Line]) -> String {
        let of = |step: Step| lines.iter().filter(move |line| line.step == step && line.item == item);
        if item == RETURN_CAP {
            let due = of(Step::Promise).find_map(|line| self.figure(line, Measure::Due));
            return self.language.return_cap(&due.unwrap_or_default());
        }
        let rooms: Vec<_> = of(Step::Limit).filter_map(|line| self.figure(line, Measure::Headroom)).collect();
        let room = if let [room] = rooms.as_slice() { Some(room.as_str()) } else { None };
        let goes = match flow {
            Flow::MovedIn => Some(self.words.again.to_owned()),
            Flow::ToppedUp => Some(self.words.topped_up.to_owned()),
            Flow::MovedOut => {
                let to: BTreeSet<_> = of(Step::Flow(Flow::MovedIn)).filter_map(|line| line.party).collect();
                let given: BTreeSet<_> = of(Step::Flow(flow)).filter_map(|line| line.party).collect();
                let to: Vec<_> = to.difference(&given).map(|party| self.party(*party)).collect();
                Some(self.language.goes(if to.is_empty() { Goes::Later } else { Goes::To(&to) }))
            }
            // What rolled is presented a last time, and only then cut by the limit it rolled from.
            _ if of(Step::Flow(Flow::MovedIn)).next().is_some() => Some(self.words.last_day.to_owned()),
            _ => None,
        };
        self.language.limit(item, room, goes.as_deref())
    }

    /// What is paid on a date by budget year; before it what no row explains, which no shipped mechanism leaves.
    fn paid(&self, date: Date, lines: &[&Line], shown: &[Row]) -> Vec<Row> {
        let mut by_year: BTreeMap<i16, Vec<&Line>> = BTreeMap::new();
        for line in lines.iter().filter(|line| line.step == Step::Flow(Flow::Payment)) {
            by_year.entry(line.year.unwrap_or(0)).or_default().push(line);
        }
        let left = lines.iter().find(|line| line.step == Step::Promise);
        let left = left.and_then(|line| self.figure(line, Measure::Left));
        let last = by_year.keys().next_back().copied();
        let mut rows = Vec::new();
        for (year, lines_of_year) in by_year {
            let due = left.as_deref().filter(|_| last == Some(year));
            let label = self.language.paid_in(&year.to_string(), due);
            let mut row = Row { told: true, ..self.row(date, label, &lines_of_year) };
            row.fund = self.received(lines, year);
            rows.push(row);
        }
        let mut missing = Amounts::new();
        for row in &rows {
            row.amounts.iter().for_each(|(party, ore)| *missing.entry(*party).or_default() += ore);
        }
        for row in shown {
            row.amounts.iter().for_each(|(party, ore)| *missing.entry(*party).or_default() -= ore);
        }
        missing.retain(|_, ore| *ore != 0);
        // A date on which nothing was earned has no payment to tell of.
        rows.retain(|row| row.fund != 0 || shown.iter().any(|row| !row.amounts.is_empty()));
        if !missing.is_empty() {
            let label = self.words.not_itemised.to_owned();
            rows.insert(0, Row { date, label, amounts: missing, fund: 0, told: true });
        }
        rows
    }

    fn received(&self, lines: &[&Line], year: i16) -> i64 {
        let settled = |line: &Line| {
            let same = lines.iter().filter(|other| other.item == line.item);
            same.into_iter().any(|l| matches!(l.step, Step::Flow(Flow::Guarantee | Flow::Returned)))
        };
        let receipts = lines.iter().filter(|line| {
            line.step == Step::Flow(Flow::Receipt) && line.year == Some(year) && !settled(line)
        });
        receipts.map(|line| self.ledger.money(line, Measure::Amount)).sum()
    }
}
