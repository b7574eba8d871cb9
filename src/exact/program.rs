//! A contract as a straight line of draws and rules over integers, and its slice for the figures of one pass.

use std::collections::{BTreeMap, BTreeSet};

use super::rule::Rule;

/// An integer of a trial: known beforehand, or in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value {
    Known(i64),
    Slot(usize),
}

/// What happens next.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Chance: an integer by a law, given others.
    Draw { law: usize, given: Vec<Value>, out: usize },
    /// What follows.
    Apply { rule: Rule, given: Vec<Value>, outs: Vec<usize> },
    /// A figure is complete.
    Harvest { figure: usize, value: Value },
}

/// The whole contract.
#[derive(Debug, Default)]
pub(super) struct Program {
    steps: Vec<Step>,
    /// Bounds of every slot.
    ranges: Vec<(i64, i64)>,
}

/// A figure: the sum of some integers, or whether any of them is above zero.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Target {
    pub(super) parts: Vec<Value>,
    pub(super) flag: bool,
}

impl Program {
    /// The bounds of a value.
    pub(super) fn range(&self, value: Value) -> (i64, i64) {
        match value {
            Value::Known(known) => (known, known),
            Value::Slot(slot) => self.ranges[slot],
        }
    }

    /// Draws an integer within bounds.
    pub(super) fn draw(&mut self, law: usize, given: Vec<Value>, range: (i64, i64)) -> Value {
        if range.0 == range.1 {
            return Value::Known(range.0);
        }
        let out = self.slot(range);
        self.steps.push(Step::Draw { law, given, out });
        Value::Slot(out)
    }

    /// Applies a rule; what is known beforehand takes no step.
    pub(super) fn apply(&mut self, rule: Rule, given: &[Value]) -> Vec<Value> {
        let known: Option<Vec<i64>> =
            given.iter().map(|v| if let Value::Known(x) = v { Some(*x) } else { None }).collect();
        if let Some(known) = known {
            let mut found = Vec::new();
            rule.apply(&known, &mut found);
            return found.into_iter().map(Value::Known).collect();
        }
        let ranges: Vec<_> = given.iter().map(|value| self.range(*value)).collect();
        if let Some(untouched) = self.never_full(&rule, given, &ranges) {
            return untouched;
        }
        let outs: Vec<usize> = rule.range(&ranges).into_iter().map(|range| self.slot(range)).collect();
        let values = outs.iter().map(|out| match self.ranges[*out] {
            (low, high) if low == high => Value::Known(low),
            _ => Value::Slot(*out),
        });
        let values = values.collect();
        self.steps.push(Step::Apply { rule, given: given.to_vec(), outs });
        values
    }

    /// Applies a rule that gives one integer.
    pub(super) fn one(&mut self, rule: Rule, given: &[Value]) -> Value {
        self.apply(rule, given)[0]
    }

    /// The sum; a single value is its own.
    pub(super) fn sum(&mut self, of: &[Value]) -> Value {
        match of {
            [] => Value::Known(0),
            [one] => *one,
            _ => self.one(Rule::Sum, of),
        }
    }

    /// What a rule leaves as it is: a vessel that can never be full, one amount under no headroom at all.
    fn never_full(&mut self, rule: &Rule, given: &[Value], ranges: &[(i64, i64)]) -> Option<Vec<Value>> {
        match rule {
            Rule::Vessel if ranges[1..].iter().map(|r| r.1).sum::<i64>() <= ranges[0].0 => {
                let left = self.one(Rule::Less, given);
                Some(std::iter::once(left).chain(given[1..].iter().copied()).collect())
            }
            Rule::Less if given.len() == 2 && given[0] == given[1] => Some(vec![Value::Known(0)]),
            _ => None,
        }
    }

    fn slot(&mut self, range: (i64, i64)) -> usize {
        self.ranges.push(range);
        self.ranges.len() - 1
    }

    /// The first and last step at which a part of a target arises; `None` when all of it is known.
    pub(super) fn span(&self, target: &Target) -> Option<(usize, usize)> {
        let arise = self
            .steps
            .iter()
            .enumerate()
            .filter(|(_, step)| step.outs().iter().any(|out| target.parts.contains(&Value::Slot(*out))));
        let at: Vec<usize> = arise.map(|(at, _)| at).collect();
        Some((*at.first()?, *at.last()?))
    }

    /// The pass that finds some figures: nothing that they do not depend on is in it.
    pub(super) fn pass(&self, targets: &[(usize, &Target)]) -> Pass {
        let mut slots = self.ranges.len();
        let mut adders: Vec<_> = targets.iter().map(|(figure, target)| Adder::new(*figure, target)).collect();
        let mut steps = Vec::new();
        for step in &self.steps {
            let outs = step.outs().to_vec();
            steps.push(step.clone());
            for adder in &mut adders {
                adder.after(&outs, &mut slots, &mut steps);
            }
        }
        Pass::new(sliced(steps), slots)
    }
}

impl Step {
    fn outs(&self) -> &[usize] {
        match self {
            Self::Draw { out, .. } => std::slice::from_ref(out),
            Self::Apply { outs, .. } => outs,
            Self::Harvest { .. } => &[],
        }
    }

    pub(super) fn given(&self) -> &[Value] {
        match self {
            Self::Draw { given, .. } | Self::Apply { given, .. } => given,
            Self::Harvest { value, .. } => std::slice::from_ref(value),
        }
    }
}

/// Adds up a figure as its parts arise.
struct Adder<'t> {
    figure: usize,
    target: &'t Target,
    so_far: Value,
    missing: usize,
}

impl<'t> Adder<'t> {
    fn new(figure: usize, target: &'t Target) -> Self {
        let known: i64 = target.parts.iter().map(|p| if let Value::Known(x) = p { *x } else { 0 }).sum();
        let start = if target.flag { i64::from(known > 0) } else { known };
        let missing = target.parts.iter().filter(|p| matches!(p, Value::Slot(_))).count();
        Self { figure, target, so_far: Value::Known(start), missing }
    }

    fn after(&mut self, outs: &[usize], slots: &mut usize, steps: &mut Vec<Step>) {
        let arise = |part: &&Value| matches!(part, Value::Slot(slot) if outs.contains(slot));
        let arisen: Vec<Value> = self.target.parts.iter().filter(arise).copied().collect();
        if arisen.is_empty() {
            return;
        }
        self.missing -= arisen.len();
        let rule = if self.target.flag { Rule::AnyAbove } else { Rule::Sum };
        let given = std::iter::once(self.so_far).chain(arisen).collect();
        steps.push(Step::Apply { rule, given, outs: vec![*slots] });
        self.so_far = Value::Slot(*slots);
        *slots += 1;
        if self.missing == 0 {
            steps.push(Step::Harvest { figure: self.figure, value: self.so_far });
        }
    }
}

fn slots_of(given: &[Value]) -> impl Iterator<Item = usize> + '_ {
    given.iter().filter_map(|value| if let Value::Slot(slot) = value { Some(*slot) } else { None })
}

/// The steps that a harvest depends on.
fn sliced(steps: Vec<Step>) -> Vec<Step> {
    let mut needed = BTreeSet::new();
    let mut kept: Vec<Step> = Vec::new();
    for step in steps.into_iter().rev() {
        let wanted =
            matches!(step, Step::Harvest { .. }) || step.outs().iter().any(|out| needed.contains(out));
        if wanted {
            needed.extend(slots_of(step.given()));
            kept.push(step);
        }
    }
    kept.reverse();
    kept
}

/// A pass: blocks that begin with a draw each, but for the first.
#[derive(Debug)]
pub(super) struct Pass {
    pub(super) blocks: Vec<Block>,
    pub(super) slots: usize,
}

/// A draw and what follows from it until the next.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// The law and what it is given.
    pub(super) draw: Option<(usize, Vec<Value>)>,
    /// What follows from the drawn integer and what its law was given alone.
    pub(super) alone: Vec<Step>,
    /// What else follows.
    pub(super) rest: Vec<Step>,
    /// The slot that is drawn.
    pub(super) out: usize,
    /// Slots of the draw and of `alone` that are used later.
    pub(super) exports: Vec<usize>,
    /// Slots that hold the state before and after.
    pub(super) entry: Vec<usize>,
    pub(super) exit: Vec<usize>,
}

impl Pass {
    fn new(steps: Vec<Step>, slots: usize) -> Self {
        let mut blocks = vec![Block::default()];
        for step in steps {
            match step {
                Step::Draw { law, given, out } => {
                    blocks.push(Block { draw: Some((law, given)), out, ..Block::default() });
                }
                step => blocks[..].last_mut().into_iter().for_each(|block| block.take(step.clone())),
            }
        }
        let mut live = BTreeSet::new();
        for block in blocks.iter_mut().rev() {
            block.settle(&mut live);
        }
        Self { blocks, slots }
    }
}

impl Block {
    /// Adds a step to those that follow from the draw alone, or to the rest.
    fn take(&mut self, step: Step) {
        let mut from: BTreeSet<usize> = self.alone.iter().flat_map(|s| s.outs().to_vec()).collect();
        if let Some((_, given)) = &self.draw {
            from.insert(self.out);
            from.extend(slots_of(given));
        }
        let alone = self.draw.is_some()
            && !matches!(step, Step::Harvest { .. })
            && slots_of(step.given()).all(|slot| from.contains(&slot));
        if alone { self.alone.push(step) } else { self.rest.push(step) }
    }

    /// Finds what must be kept, given what is used after the block; `live` becomes what is used from its start.
    fn settle(&mut self, live: &mut BTreeSet<usize>) {
        self.exit = live.iter().copied().collect();
        let back = |steps: &[Step], live: &mut BTreeSet<usize>| {
            for step in steps.iter().rev() {
                step.outs().iter().for_each(|out| _ = live.remove(out));
                live.extend(slots_of(step.given()));
            }
        };
        let after: BTreeSet<usize> = live.clone();
        back(&self.rest, live);
        let drawn = std::iter::once(self.out).chain(self.alone.iter().flat_map(|s| s.outs().to_vec()));
        let drawn: Vec<usize> = if self.draw.is_some() { drawn.collect() } else { Vec::new() };
        self.exports =
            drawn.iter().copied().filter(|slot| live.contains(slot) || after.contains(slot)).collect();
        back(&self.alone, live);
        if let Some((_, given)) = &self.draw {
            live.remove(&self.out);
            live.extend(slots_of(given));
        }
        self.entry = live.iter().copied().collect();
    }
}

/// Groups targets into passes: figures of one pass are added up one after the other, so that the state holds one sum.
pub(super) fn in_turn(program: &Program, figures: &BTreeMap<usize, Target>) -> Vec<Vec<usize>> {
    let spans = figures.iter().filter_map(|(figure, target)| Some((program.span(target)?, *figure)));
    let mut spans: Vec<_> = spans.collect();
    spans.sort_unstable();
    let mut passes: Vec<(usize, Vec<usize>)> = Vec::new();
    for ((first, last), figure) in spans {
        match passes.iter_mut().find(|(end, _)| *end < first) {
            Some((end, members)) => {
                *end = last;
                members.push(figure);
            }
            None => passes.push((last, vec![figure])),
        }
    }
    passes.into_iter().map(|(_, members)| members).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_takes_no_step_and_what_cannot_bind_is_gone() {
        let mut program = Program::default();
        let people = program.draw(0, vec![], (0, 10));
        let amount = program.one(Rule::PerUnit { numerator: 10_000, denominator: 1 }, &[people]);
        let passed = program.apply(Rule::Vessel, &[Value::Known(100_000), amount]);
        assert_eq!(passed[1], amount);
        assert_eq!(program.one(Rule::Less, &[amount, passed[1]]), Value::Known(0));
        assert_eq!(program.one(Rule::Sum, &[Value::Known(2), Value::Known(3)]), Value::Known(5));
    }

    #[test]
    fn a_pass_holds_only_what_its_figure_needs() {
        let mut program = Program::default();
        let (a, b) = (program.draw(0, vec![], (0, 10)), program.draw(1, vec![], (0, 10)));
        let both = program.sum(&[a, b]);
        let target = Target { parts: vec![a], flag: false };
        let pass = program.pass(&[(0, &target)]);
        assert_eq!(pass.blocks.iter().filter(|block| block.draw.is_some()).count(), 1);
        let target = Target { parts: vec![both], flag: false };
        let pass = program.pass(&[(0, &target)]);
        assert_eq!(pass.blocks.iter().filter(|block| block.draw.is_some()).count(), 2);
        assert_eq!(pass.blocks[1].exit.len(), 1);
    }
}
