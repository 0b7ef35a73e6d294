//! K and F: numbers of volumes, and the catalogues that list them.
//!
//! The rules of chapter F say what the finding aids are; the forms are printed by archive-catalogue, which carries
//! them out. Nothing in F is judged on a register.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::checking::Desk;
use super::holdings::GivenNumber;
use super::{Rule, RuleId, rule};
use crate::finding::{Finding, Severity};
use crate::model::Volume;
use crate::number::run_of_items;
use crate::profile::{Method, Run};
use crate::text;

pub(super) const NUMBERS: &[Rule] = &[
    rule!(K1 Error "福田《案卷质量标准》十一";
        says
            "一个年度的案卷按三种期限的顺序排列：永久、长期、短期；同一期限内按机构或问题，再按本机关习惯的次序。",
            "A year's volumes stand in the order of the periods, longest first; inside a period by section or question, then as the office is used to.";
        example
            "第 5 卷是长期，第 6 卷却是永久。",
            "Volume 5 is long-term and volume 6 permanent.";
        remedy
            "未编号的重新排；已编号移交的不动。",
            "Order them anew if they aren't numbered; leave what was numbered and handed over."),
    rule!(K2 Error "福田《案卷质量标准》十一";
        says
            "案卷号一个立档单位一年一个流水号（通行），或历年一个大流水号，或几个小年度合编，由机关选定；不跳号，不重号。",
            "Volume numbers run per institution and year (usual), or on through the years, or several small years in one run, as the office has chosen; without a gap or a repeat.";
        example
            "2004 年的案卷号是 1、2、4。",
            "The volumes of 2004 are 1, 2 and 4.";
        remedy
            "移交前补齐或改正；移交后的缺号在目录备注里说明。",
            "Mend it before the handover; afterwards explain a gap in the catalogue's remarks."),
    rule!(K3 Error "福田《档案整理工作制度》三1";
        says
            "全宗号在馆内不重复，目录号在全宗内不重复，案卷号在目录内不重复，件号在卷内不重复。",
            "Fonds numbers are unique in the archives, catalogue numbers in the fonds, volume numbers in the catalogue, item numbers in the volume.";
        example
            "目录 2004 里有两个第 7 卷。",
            "Catalogue 2004 has two volumes 7.";
        remedy
            "改正重复的号，并改动过的档号章、封面。",
            "Correct the repeated number, and stamps and covers with it."),
    rule!(K4 Error "福田《档案整理工作制度》三1；DA/T 13-2022（稳定性）";
        says
            "移交过的目录里给过的号，永不再给别的卷，即使那一卷已经销毁。",
            "A number once given in a catalogue that was handed over is never given again, even when its volume was destroyed.";
        example
            "第 12 卷 2015 年销毁；新补的一卷编 46 号，不占 12 号。",
            "Volume 12 was destroyed in 2015; a late volume becomes 46 and not 12.";
        remedy
            "给新卷用从未用过的下一个号。",
            "Give the new volume the next number that was never used."),
];

pub(super) const FINDING_AIDS: &[Rule] = &[
    rule!(F1 Info "简阳（九）4(3)";
        says
            "案卷目录：按次序一卷一行，一式二份；交接时双方对照案卷清点、签字。",
            "The volume catalogue has one line a volume, in order, in two copies; at handover both sides check it against the volumes and sign.";
        example
            "45 卷移交，目录 45 行，双方各执一份。",
            "45 volumes are handed over with a list of 45 lines, a copy for each side.";
        remedy
            "用 archive catalogue --what volumes 打印。",
            "Print it with archive catalogue --what volumes.";
        judged by nobody
            "案卷目录由程序照案卷打印，行数与案卷相同；双方签字在纸上",
            "The program prints the catalogue from the volumes, a line each; the signatures are on paper"),
    rule!(F2 Info "福田《案卷质量标准》十二";
        says
            "全引目录由立卷说明、案卷目录和卷内文件目录组成，区别保管期限，一年或几年一本，各有目录号，一式三份。",
            "The full catalogue is the explanatory note, the volume catalogue and every list of contents, apart by period, one a year or several years, each with its own catalogue number, in three copies.";
        example
            "2004 年永久一本、长期一本、短期一本。",
            "For 2004, one book each for 永久, 长期 and 短期.";
        remedy
            "用 archive catalogue --what full 打印；立卷说明由人补写当年情况。",
            "Print it with archive catalogue --what full; a person adds the year's circumstances to the note.";
        judged by nobody
            "全引目录由程序照案卷打印；份数由人印",
            "The program prints it from the volumes; people make the copies"),
    rule!(F3 Info "福田《档案整理工作制度》二(二)3、4";
        says
            "其他检索工具：分类目录、全宗卡片、人物卡片、专题目录、文号对照表、机读目录，以及开放档案目录。",
            "Other finding aids: classified catalogue, fonds cards, name cards, subject catalogue, document-number concordance, machine-readable catalogue, and the catalogue of open records.";
        example
            "文号对照表：由“临政〔2004〕12号”查到 J019-2004-003 第 5 件。",
            "The concordance leads from 临政〔2004〕12号 to item 5 of J019-2004-003.";
        remedy
            "按利用的需要编制。",
            "Make those that are asked for.";
        judged by nobody
            "检索工具由程序照案卷打印；编哪几种由机关定",
            "The program prints them from the volumes; the office decides which"),
    rule!(F4 Info "福田《档案整理工作制度》二(三)；DA/T 12-2012";
        says
            "全宗卷收存说明全宗历史的材料，分交接、综合、考证、整理、统计、利用、保管、鉴定各类，编号、编目，一式二份。",
            "The fonds file keeps what tells the history of a fonds, by class (handover, general, research, arrangement, statistics, use, keeping, appraisal), numbered, with its own catalogue, in two copies.";
        example
            "移交清单、整理方案、鉴定报告都归入全宗卷。",
            "Handover lists, arrangement schemes and appraisal reports go into it.";
        remedy
            "把当年形成的这些材料归入全宗卷。",
            "File the year's papers of this kind there.";
        judged by nobody
            "全宗卷里该有什么，由人判断",
            "People judge what belongs into a fonds file"),
    rule!(F5 Info "福田《档案整理工作制度》三2；《库房管理工作制度》一";
        says
            "库房按全宗顺序编制指引卡和存放示意图，标引明晰。",
            "Guide cards and a plan of the storeroom follow the order of the fonds.";
        example
            "3 号架第 2 层的指引卡写“J019 1998—2004 永久”。",
            "The card of rack 3, shelf 2 reads J019 1998—2004 永久.";
        remedy
            "移动之后随即换卡、改图。",
            "After a move, change the card and the plan at once.";
        judged by nobody
            "指引卡和示意图由程序照存放位置打印；挂没挂，程序看不见",
            "The program prints cards and plan from the places; it can't see whether they hang there"),
];

pub(super) fn check(desk: &mut Desk<'_>) {
    period_order(desk);
    runs(desk);
    codes(desk);
    item_numbers(desk);
    given_again(desk);
}

/// K1: periods of a year's volumes, longest first, within each side; by number where they are numbered.
///
/// The order is that of the day the numbers were given. What was found later got the next number (V8), whatever its
/// period, and nothing tells a volume found later from one numbered in a wrong order: so among the numbered
/// ones the order is only spoken of, and among those still to be numbered it is an error.
fn period_order(desk: &mut Desk<'_>) {
    let mut classes: BTreeMap<_, Vec<&Volume>> = BTreeMap::new();
    for volume in desk.volumes() {
        // A section's volumes may stand together, each with its own run of periods.
        let section = volume.section.as_deref().filter(|_| desk.profile.volumes.by_section);
        let catalogue = volume.number.as_ref().map(|number| number.catalogue_no.as_str());
        classes.entry((volume.year, volume.side, section, catalogue)).or_default().push(volume);
    }
    for ((.., catalogue), mut volumes) in classes {
        volumes.sort_by_key(|volume| volume.number.as_ref().map_or(u32::MAX, |number| number.volume_no));
        for pair in volumes.windows(2) {
            let (longer, shorter) = (pair[1].period, pair[0].period);
            if longer >= shorter {
                continue;
            }
            let place = Desk::volume_place(pair[1], "保管期限");
            let finding = if catalogue.is_none() {
                let message = text!(
                    "{longer}的一卷排在{shorter}的之后",
                    "a volume kept {longer} stands behind one kept {shorter}"
                );
                Finding::new(RuleId::K1, place, message)
            } else {
                let message = text!(
                    "{longer}的一卷排在{shorter}的之后；编号以后补入的卷接着编号，可以如此",
                    "a volume kept {longer} stands behind one kept {shorter}, as one found after the numbering may"
                );
                Finding::new(RuleId::K1, place, message).at(Severity::Info)
            };
            desk.findings.push(finding);
        }
    }
}

/// K2, K3: volume numbers of a catalogue, without gap and repeat.
fn runs(desk: &mut Desk<'_>) {
    let given: BTreeSet<(&str, u32)> =
        desk.holdings.given.iter().map(|given| (given.catalogue_no.as_str(), given.volume_no)).collect();
    let mut catalogues: BTreeMap<&str, Vec<(u32, &Volume)>> = BTreeMap::new();
    for volume in desk.volumes() {
        if let Some(number) = &volume.number {
            catalogues.entry(&number.catalogue_no).or_default().push((number.volume_no, volume));
        }
    }
    for (catalogue, mut numbers) in catalogues {
        numbers.sort_by_key(|(number, _)| *number);
        // A run that goes on through the years begins where the year before ended.
        let mut next = match desk.profile.numbering.run {
            Run::PerYear => 1,
            Run::Continuous => numbers.first().map_or(1, |(number, _)| *number),
        };
        for (number, volume) in numbers {
            if number < next {
                let message = text!(
                    "目录 {catalogue} 里案卷号 {number} 重了",
                    "catalogue {catalogue} has volume {number} twice"
                );
                desk.say_of_volume(RuleId::K3, volume, "案卷号", message);
                continue;
            }
            // Volumes handed over earlier hold their numbers, though they aren't among these.
            let missing: Vec<String> = (next..number)
                .filter(|wanted| !given.contains(&(catalogue, *wanted)))
                .take(20)
                .map(|wanted| wanted.to_string())
                .collect();
            if !missing.is_empty() {
                let list = missing.join("、");
                let message =
                    text!("目录 {catalogue} 缺第 {list} 卷", "catalogue {catalogue} lacks volume {list}");
                desk.say_of_volume(RuleId::K2, volume, "案卷号", message);
            }
            next = number.saturating_add(1);
        }
    }
}

/// K3: archival codes that stand twice, on volumes of different numbers.
fn codes(desk: &mut Desk<'_>) {
    let mut seen: HashMap<&str, (&str, u32)> = HashMap::new();
    for volume in desk.volumes() {
        let Some(number) = volume.number.as_ref().filter(|number| !number.code.is_empty()) else { continue };
        let own = (number.catalogue_no.as_str(), number.volume_no);
        if seen.insert(&number.code, own).is_some_and(|other| other != own) {
            let code = &number.code;
            desk.say_of_volume(
                RuleId::K3,
                volume,
                "档号",
                text!("档号 {code} 重了", "the code {code} stands twice"),
            );
        }
    }
}

/// K3: item numbers inside a volume; by the item method, in the boxes that share a run of them.
///
/// There the parts of one item share its number by design.
fn item_numbers(desk: &mut Desk<'_>) {
    let mut classes: HashMap<String, HashMap<u32, (usize, Vec<usize>)>> = HashMap::new();
    let parts = Parts::of(desk);
    for (index, volume) in desk.volumes().iter().enumerate() {
        let run = run_of_items(volume, desk.holdings.institution, desk.profile);
        let mut own = HashMap::new();
        let seen = match run {
            Some(run) => classes.entry(run).or_default(),
            None => &mut own,
        };
        for entry in &volume.entries {
            let (Some(number), Some(at)) = (entry.item_no, desk.at(entry.item)) else { continue };
            let (home, bearers) = seen.entry(number).or_insert_with(|| (index, Vec::new()));
            let one_item = *home == index && parts.joined(at, bearers);
            if let Some(first) = bearers.first().filter(|_| !one_item) {
                let row = desk.item(*first).row.clone();
                let message =
                    text!("件号 {number} 已给了序号 {row}", "item number {number} is row {row}'s already");
                desk.say(RuleId::K3, at, "件号", message);
            }
            bearers.push(at);
        }
    }
}

/// Which documents are parts of one item with which; none but by the item method.
struct Parts(HashSet<(usize, usize)>);

impl Parts {
    fn of(desk: &Desk<'_>) -> Self {
        let by_item = desk.profile.volumes.method == Method::Item;
        let ties = desk.ties.iter().filter(|tie| by_item && tie.kind.is_part());
        Self(ties.flat_map(|tie| [(tie.from, tie.to), (tie.to, tie.from)]).collect())
    }

    /// Whether a document is a part of the item these are parts of.
    fn joined(&self, at: usize, item: &[usize]) -> bool {
        item.iter().any(|other| self.0.contains(&(at, *other)))
    }
}

/// K4: a number that a handed-over catalogue gave to another volume.
fn given_again(desk: &mut Desk<'_>) {
    let given: HashMap<(&str, u32), &GivenNumber> = desk
        .holdings
        .given
        .iter()
        .map(|given| ((given.catalogue_no.as_str(), given.volume_no), given))
        .collect();
    for volume in desk.volumes() {
        let Some(number) = &volume.number else { continue };
        let before = given
            .get(&(number.catalogue_no.as_str(), number.volume_no))
            .filter(|before| before.destroyed || before.title != volume.title);
        let Some(before) = before else { continue };
        let (catalogue, no, title) = (&number.catalogue_no, number.volume_no, &before.title);
        let message = if before.destroyed {
            text!(
                "目录 {catalogue} 第 {no} 卷的号给过“{title}”，该卷已销毁，号不能再用",
                "volume {no} of catalogue {catalogue} was {title}, since destroyed; its number is never given again"
            )
        } else {
            text!(
                "目录 {catalogue} 第 {no} 卷的号移交时给了“{title}”，不能改给别的卷",
                "volume {no} of catalogue {catalogue} was handed over as {title}; its number can't go to another"
            )
        };
        desk.say_of_volume(RuleId::K4, volume, "案卷号", message);
    }
}
