//! P: page and item numbers (页号, 件号).

use std::collections::{BTreeMap, HashSet};

use super::checking::Desk;
use super::{Rule, RuleId, rule};
use crate::model::Volume;
use crate::number::run_of_items;
use crate::profile::Binding;
use crate::text;

pub(super) const RULES: &[Rule] = &[
    rule!(P1 Error "福田《案卷质量标准》五";
        says
            "整卷装订的，有文字、图样的每页都编页号：正面右上角，背面左上角，全卷一个流水号；值得保存的信封、附条、照片也编；卷内目录、备考表、空白纸不编。",
            "In a volume bound as a whole, each page with text or pictures is numbered, in one run: at the upper right on the face, at the upper left on the back. Envelopes, slips and photographs worth keeping are numbered; the list of contents, the note and blank pages are not.";
        example
            "第 3 件从第 9 页起，第 2 件却编到第 9 页：第 9 页重了。",
            "Item 3 starts at page 9, but item 2 ends there: page 9 stands twice.";
        remedy
            "从第一件起重新编这一卷的页号。",
            "Number the pages of the volume again from its first item."),
    rule!(P2 Error "福田《案卷质量标准》五、十；DA/T 22-2015";
        says
            "单份装订的，逐件编件号，每件的页号各从 1 起，并在首页右上方加盖档号章。",
            "In a volume of separately bound items, the items are numbered, each item's pages start at 1, and its first page bears the stamp with the archival code.";
        example
            "单份装订的卷里，第 2 件的页号从 7 起。",
            "In such a volume, the pages of item 2 start at 7.";
        remedy
            "每件从 1 起编页，件号从 1 起连续。",
            "Number each item's pages from 1, and the items from 1 without a gap."),
    rule!(P3 Error "福田《案卷质量标准》五";
        says
            "页号不跳、不重、不叠；登记的页数与扫描件的页数相符。",
            "Page numbers have no gap, repeat or overlap, and the page count registered is that of the scans.";
        example
            "登记 8 页，扫描件只有 6 页：漏扫了背面，或者登记错了。",
            "Eight pages registered and six scanned: backs were left out, or the count is wrong.";
        remedy
            "对照原件数页：漏扫的补扫，登记错的改正。",
            "Count the original's pages: scan what is missing, or correct the register."),
];

pub(super) fn check(desk: &mut Desk<'_>) {
    let runs = ItemRuns::of(desk);
    for volume in desk.volumes() {
        match desk.profile.volumes.binding {
            Binding::Whole => whole(desk, volume),
            Binding::Single => single(desk, volume, &runs),
        }
    }
    counts(desk);
}

/// P1, P3: one run of pages through the volume.
fn whole(desk: &mut Desk<'_>, volume: &Volume) {
    if volume.entries.iter().all(|entry| entry.pages.is_none()) {
        return;
    }
    let mut next = 1;
    for entry in &volume.entries {
        let Some(at) = desk.at(entry.item) else { continue };
        let Some((first, last)) = entry.pages else {
            let message = text!(
                "没有页号，而卷内别的文件编了",
                "it has no page numbers, while others in the volume do"
            );
            desk.say(RuleId::P1, at, "页号", message);
            continue;
        };
        if last < first {
            desk.say(
                RuleId::P3,
                at,
                "页号",
                text!("页号 {first}-{last} 倒了", "pages {first}-{last} run backwards"),
            );
            continue;
        }
        if next == 1 && first != 1 {
            let message = text!(
                "全卷的页号从 {first} 起，应从 1 起",
                "the volume's pages begin at {first} and not at 1"
            );
            desk.say(RuleId::P1, at, "页号", message);
        } else if first > next {
            let missing = if first - 1 == next { next.to_string() } else { format!("{next}-{}", first - 1) };
            let message = text!("前面缺第 {missing} 页", "page {missing} is missing before it");
            desk.say(RuleId::P3, at, "页号", message);
        } else if first < next {
            let end = next - 1;
            let message = text!(
                "从第 {first} 页起，而前面已编到第 {end} 页",
                "it begins at page {first}, and what stands before it ends at {end}"
            );
            desk.say(RuleId::P3, at, "页号", message);
        }
        length(desk, at, first, last);
        next = last.saturating_add(1);
    }
}

/// P2, P3: each item numbered by itself.
fn single(desk: &mut Desk<'_>, volume: &Volume, runs: &ItemRuns) {
    let numbered = volume.entries.iter().any(|entry| entry.item_no.is_some());
    let run = run_of_items(volume, desk.holdings.institution, desk.profile);
    let run = run.as_ref().and_then(|run| runs.0.get(run));
    let (mut last, mut seen) = (0, HashSet::new());
    for entry in &volume.entries {
        let Some(at) = desk.at(entry.item) else { continue };
        let expected = match (entry.item_no, run) {
            (_, None) => Some(last + 1),
            // A part of an item before it; K3 judges whether it is one.
            (Some(number), Some(_)) if seen.contains(&number) => None,
            (number, Some(run)) => run.expected(last, number),
        };
        if let Some(expected) = expected.filter(|expected| numbered && entry.item_no != Some(*expected)) {
            let message = match entry.item_no {
                Some(number) => {
                    text!("件号是 {number}，应是 {expected}", "it is item {number} and should be {expected}")
                }
                None => text!("没有件号", "it has no item number"),
            };
            desk.say(RuleId::P2, at, "件号", message);
        }
        last = match run {
            Some(_) => entry.item_no.unwrap_or(last).max(last),
            None => last + 1,
        };
        seen.extend(entry.item_no);
        if let Some((first, last)) = entry.pages {
            if first != 1 {
                let message = text!(
                    "单份装订，页号应从 1 起，现从 {first} 起",
                    "bound by itself, its pages begin at {first} and not at 1"
                );
                desk.say(RuleId::P2, at, "页号", message);
            }
            length(desk, at, first, last);
        }
    }
}

/// The item numbers that run through several boxes, by the item method.
struct ItemRuns(BTreeMap<String, ItemRun>);

/// One run of item numbers.
#[derive(Default)]
struct ItemRun {
    /// The numbers given, sorted, each once.
    given: Vec<u32>,
    /// Whether boxes of it are elsewhere (handed over, destroyed), so that what is missing here isn't a gap.
    elsewhere: bool,
}

impl ItemRuns {
    fn of(desk: &Desk<'_>) -> Self {
        let here: HashSet<(&str, u32)> = desk
            .volumes()
            .iter()
            .filter_map(|volume| volume.number.as_ref())
            .map(|number| (number.catalogue_no.as_str(), number.volume_no))
            .collect();
        let in_part: HashSet<&str> = desk
            .holdings
            .given
            .iter()
            .filter(|given| !here.contains(&(given.catalogue_no.as_str(), given.volume_no)))
            .map(|given| given.catalogue_no.as_str())
            .collect();
        let mut runs: BTreeMap<String, ItemRun> = BTreeMap::new();
        for volume in desk.volumes() {
            let Some(name) = run_of_items(volume, desk.holdings.institution, desk.profile) else { continue };
            let run = runs.entry(name).or_default();
            run.given.extend(volume.entries.iter().filter_map(|entry| entry.item_no));
            let number = volume.number.as_ref();
            run.elsewhere |= number.is_some_and(|number| in_part.contains(number.catalogue_no.as_str()));
        }
        for run in runs.values_mut() {
            run.given.sort_unstable();
            run.given.dedup();
        }
        Self(runs)
    }
}

impl ItemRun {
    /// The number that should follow `last` in a box, if `number` isn't one that may.
    fn expected(&self, last: u32, number: Option<u32>) -> Option<u32> {
        let rank = |number: u32| self.given.partition_point(|given| *given <= number);
        let Some(number) = number.filter(|number| *number > last) else { return Some(last + 1) };
        // No number between the two is missing: those that are not here stand in another box.
        let passed = rank(number) - rank(last);
        if self.elsewhere || usize::try_from(number - last).is_ok_and(|step| step == passed) {
            return None;
        }
        (last + 1..number).find(|missing| self.given.binary_search(missing).is_err())
    }
}

/// P3: page numbers that don't cover the pages registered.
fn length(desk: &mut Desk<'_>, at: usize, first: u32, last: u32) {
    let numbered = last.saturating_sub(first).saturating_add(1);
    if let Some(pages) = desk.item(at).pages.filter(|pages| *pages != numbered && last >= first) {
        let message = text!(
            "登记 {pages} 页，页号 {first}-{last} 却是 {numbered} 页",
            "{pages} pages are registered, and {first}-{last} are {numbered}"
        );
        desk.say(RuleId::P3, at, "页数", message);
    }
}

/// P3: scans of another length than registered.
fn counts(desk: &mut Desk<'_>) {
    for (id, facts) in desk.holdings.files {
        let Some(at) = desk.at(*id).filter(|at| desk.is_open(*at)) else { continue };
        if let Some((pages, scanned)) =
            desk.item(at).pages.zip(facts.pages).filter(|(pages, scanned)| pages != scanned)
        {
            let message = text!(
                "登记 {pages} 页，扫描件 {scanned} 页",
                "{pages} pages are registered and {scanned} scanned"
            );
            desk.say(RuleId::P3, at, "页数", message);
        }
    }
}
