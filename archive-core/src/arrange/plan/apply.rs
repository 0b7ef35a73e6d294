//! Taking an edited plan back: every fault of it, or the decisions it means.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Plan, PlanEntry, PlanTable, PlanVolume, Verdict};
use crate::arrange::{Decided, DecidedVolume, Decisions, TieKey};
use crate::finding::{self, Finding, Place, Severity};
use crate::model::{Arrangement, Item, ItemId, SecrecyLevel};
use crate::profile::Profile;
use crate::rules::RuleId;
use crate::text;
use crate::text::Text;

/// A place in a table of the plan. The workbook's reader fills in the file.
fn place(table: PlanTable, at: Option<u32>, column: &str) -> Place {
    let sheet = table.name();
    Place { row: at, column: Some(format!("{sheet}!{column}")), ..Place::default() }
}

fn fault(rule: RuleId, place: Place, message: Text, help: Text) -> Finding {
    Finding::new(rule, place, message).at(Severity::Error).with_help(help)
}

/// An item takes the year, side and period of the volume a person puts it into, and those of a volume
/// they confirm. `from` is the volume it was proposed for, if it was in one.
fn follow(entry: &PlanEntry, from: Option<&PlanVolume>, to: &PlanVolume, decided: &mut Decisions) {
    let reason = || entry.reason.trim().to_owned();
    if from.is_none_or(|from| from.year != to.year) {
        decided.years.insert(entry.item, Decided { value: to.year, reason: reason() });
    }
    if from.is_none_or(|from| from.side != to.side) {
        decided.sides.insert(entry.item, Decided { value: to.side, reason: reason() });
    }
    if from.is_none_or(|from| from.period != to.period) {
        decided.periods.insert(entry.item, Decided { value: to.period, reason: reason() });
    } else if to.confirmed {
        decided.periods.entry(entry.item).or_insert_with(|| Decided { value: to.period, reason: reason() });
    }
}

/// What a plan volume holds: its items in order.
pub(super) type Contents<'p> = BTreeMap<&'p str, Vec<&'p PlanEntry>>;

impl Plan {
    /// What the edited plan means, beside what was decided before.
    ///
    /// `proposal` is the arrangement the plan was made of. Only what differs from it becomes a decision, so
    /// a plan that nobody changed decides nothing. If anything in the plan can't be carried out, nothing is,
    /// and all its faults come back.
    pub fn apply(
        &self,
        proposal: &Arrangement,
        items: &[Item],
        profile: &Profile,
        decisions: &Decisions,
    ) -> Result<Decisions, Vec<Finding>> {
        let base = Self::of(proposal, items, profile, decisions);
        let mut faults = Vec::new();
        let contents = self.check_contents(&base, items, &mut faults);
        self.check_volumes(&base, profile, &contents, &mut faults);
        self.check_ties(proposal, &mut faults);
        if !faults.is_empty() {
            finding::sort(&mut faults);
            return Err(faults);
        }

        let mut decided = decisions.clone();
        for tie in &self.ties {
            let key = TieKey { from: tie.from, to: tie.to, kind: tie.kind };
            match tie.verdict {
                Verdict::Open => {
                    decided.refused_ties.remove(&key);
                }
                Verdict::Accepted => {
                    decided.refused_ties.remove(&key);
                    decided.confirmed_ties.insert(key);
                }
                Verdict::Refused => {
                    decided.confirmed_ties.remove(&key);
                    decided.refused_ties.insert(key);
                }
            }
        }
        let before: HashMap<ItemId, &PlanEntry> =
            base.contents.iter().map(|entry| (entry.item, entry)).collect();
        for entry in &self.contents {
            let Some(was) = before.get(&entry.item) else { continue };
            if entry.title != was.title && !entry.title.trim().is_empty() {
                decided.item_titles.insert(entry.item, entry.title.trim().to_owned());
            }
            match (entry.volume.trim().is_empty(), was.volume.is_empty()) {
                (true, false) => {
                    decided.left_out.insert(entry.item, entry.reason.trim().to_owned());
                }
                (false, true) => {
                    decided.left_out.remove(&entry.item);
                }
                _ => {}
            }
        }
        let old = base.grouped();
        let was: HashMap<&str, &PlanVolume> =
            base.volumes.iter().map(|volume| (volume.label.as_str(), volume)).collect();
        let home: HashMap<ItemId, &str> =
            base.contents.iter().map(|entry| (entry.item, entry.volume.as_str())).collect();
        let mut changed = Vec::new();
        for volume in &self.volumes {
            let empty = Vec::new();
            let now: Vec<ItemId> =
                contents.get(volume.label.trim()).unwrap_or(&empty).iter().map(|entry| entry.item).collect();
            let before = was.get(volume.label.trim());
            let held: Vec<ItemId> =
                old.get(volume.label.trim()).unwrap_or(&empty).iter().map(|entry| entry.item).collect();
            let same = before.is_some_and(|before| {
                (before.year, before.side, before.period, &before.section, before.title.trim())
                    == (volume.year, volume.side, volume.period, &volume.section, volume.title.trim())
            });
            let confirmed = volume.confirmed && before.is_none_or(|before| !before.confirmed);
            if (same && now == held && !confirmed) || volume.code.is_some() {
                continue;
            }
            for entry in contents.get(volume.label.trim()).unwrap_or(&empty) {
                let from = home.get(&entry.item).and_then(|label| was.get(label)).copied();
                follow(entry, from, volume, &mut decided);
                // Who confirms a volume accepts the titles drafted in it (L1).
                let title = entry.title.trim();
                if volume.confirmed && title.starts_with('[') && title.ends_with(']') {
                    decided.item_titles.entry(entry.item).or_insert_with(|| title.to_owned());
                }
            }
            let retitled = before.is_none_or(|before| before.title.trim() != volume.title.trim());
            let titled = retitled && !volume.title.trim().is_empty();
            let kept_title = decisions
                .volumes
                .iter()
                .find(|decided| decided.items.iter().any(|item| held.contains(item)))
                .and_then(|decided| decided.title.clone());
            changed.push(DecidedVolume {
                year: volume.year,
                side: volume.side,
                period: volume.period,
                section: volume.section.clone(),
                title: if titled { Some(volume.title.trim().to_owned()) } else { kept_title },
                items: now,
                number: None,
                places: Vec::new(),
            });
        }
        decided.put_volumes(changed);
        Ok(decided)
    }

    /// The entries of each volume, in order.
    pub(super) fn grouped(&self) -> Contents<'_> {
        let mut grouped: Contents<'_> = BTreeMap::new();
        for entry in &self.contents {
            if !entry.volume.trim().is_empty() {
                grouped.entry(entry.volume.trim()).or_default().push(entry);
            }
        }
        for entries in grouped.values_mut() {
            // Sorting is stable: of equal positions the upper line stands first.
            entries.sort_by(|a, b| a.position.total_cmp(&b.position));
        }
        grouped
    }

    fn check_contents(&self, base: &Self, items: &[Item], faults: &mut Vec<Finding>) -> Contents<'_> {
        let classified: BTreeSet<ItemId> = items
            .iter()
            .filter(|item| item.secrecy.level != SecrecyLevel::None)
            .map(|item| item.id)
            .collect();
        let labels: BTreeSet<&str> = self.volumes.iter().map(|volume| volume.label.trim()).collect();
        let known: BTreeSet<ItemId> = base.contents.iter().map(|entry| entry.item).collect();
        let mut seen: BTreeMap<ItemId, &PlanEntry> = BTreeMap::new();
        for entry in &self.contents {
            let row = &entry.row;
            if !known.contains(&entry.item) {
                faults.push(fault(
                    RuleId::I4,
                    place(PlanTable::Contents, entry.at, "序号"),
                    text!("没有序号 {row} 的文件", "there is no item with row {row}"),
                    Text::fixed("删去这一行，或改回原来的序号", "delete the line, or restore its number"),
                ));
            }
            if seen.insert(entry.item, entry).is_some() {
                faults.push(fault(
                    RuleId::I4,
                    place(PlanTable::Contents, entry.at, "序号"),
                    text!("序号 {row} 出现两次", "row {row} stands in the plan twice"),
                    Text::fixed(
                        "一件文件只能放在一卷里，删去多余的一行",
                        "an item stands in one volume; delete one line",
                    ),
                ));
            }
            let label = entry.volume.trim();
            if !label.is_empty() && !labels.contains(label) {
                faults.push(fault(
                    RuleId::I2,
                    place(PlanTable::Contents, entry.at, "卷标"),
                    text!("没有卷标 {label}", "no volume is labelled {label}"),
                    Text::fixed(
                        "在“案卷”表中加上这一卷，或改用已有的卷标",
                        "add it to the volumes, or use a label that is there",
                    ),
                ));
            }
            if !label.is_empty() && classified.contains(&entry.item) {
                faults.push(fault(
                    RuleId::S1,
                    place(PlanTable::Contents, entry.at, "卷标"),
                    text!(
                        "序号 {row} 是涉密文件，不能入卷",
                        "row {row} is classified and can't stand in a volume"
                    ),
                    Text::fixed("卷标留空", "leave the label empty"),
                ));
            }
            if !entry.position.is_finite() {
                faults.push(fault(
                    RuleId::I2,
                    place(PlanTable::Contents, entry.at, "位次"),
                    text!("序号 {row} 的位次不是数", "the position of row {row} is no number"),
                    Text::fixed(
                        "位次用数字，3.5 表示排在 3 与 4 之间",
                        "use a number; 3.5 stands between 3 and 4",
                    ),
                ));
            }
        }
        for entry in &base.contents {
            if !seen.contains_key(&entry.item) {
                let row = &entry.row;
                faults.push(fault(
                    RuleId::I4,
                    place(PlanTable::Contents, None, "序号"),
                    text!("缺序号 {row}", "row {row} is missing from the plan"),
                    Text::fixed(
                        "恢复这一行；不归档的把卷标留空",
                        "restore the line; leave the label empty to keep it out of the volumes",
                    ),
                ));
            }
        }
        self.grouped()
    }

    fn check_volumes(
        &self,
        base: &Self,
        profile: &Profile,
        contents: &Contents<'_>,
        faults: &mut Vec<Finding>,
    ) {
        let mut labels = BTreeSet::new();
        for volume in &self.volumes {
            let label = volume.label.trim();
            if label.is_empty() {
                faults.push(fault(
                    RuleId::I2,
                    place(PlanTable::Volumes, volume.at, "卷标"),
                    Text::fixed("卷标空白", "the label is empty"),
                    Text::fixed("给这一卷一个不重复的卷标", "give the volume a label of its own"),
                ));
            } else if !labels.insert(label) {
                faults.push(fault(
                    RuleId::I4,
                    place(PlanTable::Volumes, volume.at, "卷标"),
                    text!("卷标 {label} 用了两次", "the label {label} is used twice"),
                    Text::fixed("每卷的卷标不能重复", "each volume has a label of its own"),
                ));
            }
            if !profile.retention.scheme.periods().contains(&volume.period)
                && !base
                    .volumes
                    .iter()
                    .any(|other| other.label.trim() == label && other.period == volume.period)
            {
                let period = volume.period;
                faults.push(fault(
                    RuleId::R1,
                    place(PlanTable::Volumes, volume.at, "保管期限"),
                    text!(
                        "{period}不是本单位所用的保管期限",
                        "{period} is no period of the institution's scheme"
                    ),
                    Text::fixed("用下拉列表中的期限", "use a period of the list"),
                ));
            }
            if !(1800..=2999).contains(&volume.year) {
                let year = volume.year;
                faults.push(fault(
                    RuleId::V1,
                    place(PlanTable::Volumes, volume.at, "年度"),
                    text!("年度 {year} 不像年份", "{year} is no year"),
                    Text::fixed("用四位数的年份", "use four digits"),
                ));
            }
        }
        // V8: what was catalogued doesn't change.
        let before = base.grouped();
        for volume in base.volumes.iter().filter(|volume| volume.code.is_some()) {
            let label = volume.label.as_str();
            let ids = |contents: &Contents<'_>| -> Vec<ItemId> {
                contents
                    .get(label)
                    .map_or_else(Vec::new, |entries| entries.iter().map(|entry| entry.item).collect())
            };
            let now = self.volumes.iter().find(|other| other.label.trim() == label);
            let kept = now.is_some_and(|now| {
                (now.year, now.side, now.period, &now.section)
                    == (volume.year, volume.side, volume.period, &volume.section)
            });
            if !kept || ids(&before) != ids(contents) {
                let code = volume.code.as_deref().unwrap_or_default();
                faults.push(fault(
                    RuleId::V8,
                    place(PlanTable::Volumes, now.and_then(|now| now.at), "卷标"),
                    text!("案卷 {code} 已编号，不能改动", "volume {code} is numbered and can't be changed"),
                    Text::fixed("恢复这一卷的内容和次序", "restore what it holds and in which order"),
                ));
            }
        }
    }

    /// V5: ties that hold and aren't refused in the plan are not cut by it.
    fn check_ties(&self, proposal: &Arrangement, faults: &mut Vec<Finding>) {
        let refused: BTreeSet<TieKey> = self
            .ties
            .iter()
            .filter(|tie| tie.verdict == Verdict::Refused)
            .map(|tie| TieKey { from: tie.from, to: tie.to, kind: tie.kind })
            .collect();
        let home: HashMap<ItemId, &PlanEntry> =
            self.contents.iter().map(|entry| (entry.item, entry)).collect();
        for tie in &proposal.ties {
            if refused.contains(&TieKey { from: tie.from, to: tie.to, kind: tie.kind }) {
                continue;
            }
            let (Some(from), Some(to)) = (home.get(&tie.from), home.get(&tie.to)) else { continue };
            let apart = from.volume.trim() != to.volume.trim()
                && !from.volume.trim().is_empty()
                && !to.volume.trim().is_empty();
            if apart {
                let (one, two, kind) = (&from.row, &to.row, tie.kind);
                faults.push(fault(
                    RuleId::V5,
                    place(PlanTable::Contents, from.at, "卷标"),
                    text!(
                        "序号 {one} 是序号 {two} 的{kind}，却分在两卷",
                        "row {one} is tied to row {two} ({kind}), and they stand in different volumes"
                    ),
                    Text::fixed(
                        "把它们放在同一卷；关联不对的，在“关联”表中填“否”",
                        "put them into one volume, or refuse the tie in the table of ties",
                    ),
                ));
            }
        }
    }
}
