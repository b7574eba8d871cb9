//! Printing a plan: one line per operation, with the range, lattice and origin of what it writes.

use std::fmt;

use super::Plan;
use super::column::{RealColumn, Unit, WholeColumn};
use super::persons::MembersColumn;

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slots: usize = self.program.slots().iter().sum();
        writeln!(
            f,
            "{} operations, {} columns, {} addresses, {} series; run as {} steps over {slots} pages, with {} series on lattices and {} pairs",
            self.ops.len(),
            self.whole.len() + self.real.len() + self.members.len(),
            self.addresses.len(),
            self.tallies.len(),
            self.program.steps.len(),
            self.program.series.len(),
            self.program.pairs.len(),
        )?;
        for op in &self.ops {
            let (mut wholes, mut reals) = (Vec::new(), Vec::new());
            op.visit(
                &mut |c, writes| {
                    if writes {
                        wholes.push(c);
                    }
                },
                &mut |c, writes| {
                    if writes {
                        reals.push(c);
                    }
                },
            );
            for column in reals {
                self.write_real(f, column)?;
            }
            let mut members = Vec::new();
            op.visit_members(&mut |column, writes| {
                if writes {
                    members.push(column);
                }
            });
            for column in members {
                self.write_members(f, column)?;
            }
            for column in wholes {
                self.write_whole(f, column)?;
            }
        }
        Ok(())
    }
}

impl Plan {
    fn write_real(&self, f: &mut fmt::Formatter<'_>, column: RealColumn) -> fmt::Result {
        let facts = &self.real[column.0 as usize];
        writeln!(
            f,
            "r{:<4} {:>14.6} .. {:<14.6}              {}",
            column.0, facts.low, facts.high, facts.origin.label
        )
    }

    fn write_members(&self, f: &mut fmt::Formatter<'_>, column: MembersColumn) -> fmt::Result {
        let facts = &self.members[column.0 as usize];
        writeln!(
            f,
            "m{:<4} {:>14} .. {:<14}              who: {}",
            column.0, 0, facts.people, facts.origin.label
        )
    }

    fn write_whole(&self, f: &mut fmt::Formatter<'_>, column: WholeColumn) -> fmt::Result {
        let facts = &self.whole[column.0 as usize];
        let unit = match facts.unit {
            Unit::People => "people",
            Unit::Ore => "øre",
            Unit::Nano => "1e-9",
            Unit::Flag => "0/1",
            Unit::Units => "units",
        };
        let lattice = facts.lattice;
        let counted = if self.tally_of(column).is_some() { "*" } else { " " };
        writeln!(
            f,
            "w{:<4}{counted}{:>14} .. {:<14} by {:<9} {unit:<6} {}",
            column.0, lattice.low, lattice.high, lattice.step, facts.origin.label
        )
    }
}
