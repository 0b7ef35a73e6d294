//! L, N, C, T: the list of contents, the note, the cover, the title of a volume.

use super::checking::Desk;
use super::holdings::Stage;
use super::{Rule, RuleId, rule};
use crate::finding::Severity;
use crate::model::{Volume, Why};
use crate::profile::Method;
use crate::reading::{DateReading, DocType, whole_number};
use crate::text;

pub(super) const RULES: &[Rule] = &[
    rule!(L1 Error "福田《案卷质量标准》六；GB/T 9705-2008";
        says
            "卷内文件目录按卷内次序一件一行。题名照实抄录，不省略；没有题名或题名看不出内容的，另拟题名加 [ ]；日期、页号齐全。目录放在卷首，不编页号。",
            "The list of contents has one line an item, in the order of the volume. Titles are copied in full; where there is none, or it doesn't tell the content, one is drafted and set in [ ]; dates and pages are complete. It lies at the head and bears no page number.";
        example
            "首页破损没有题名：拟作“[关于烟水配套工程补助资金分配的意见]”。",
            "The first page is torn and has no title: [关于烟水配套工程补助资金分配的意见] is drafted.";
        remedy
            "照原件补上；原件没有的，题名自拟加 [ ]，日期考证加 [ ]，考不出的写“不详”。",
            "Copy it from the original; where it has none, draft a title or research a date and set it in [ ], or write 不详."),
    rule!(N1 Error "福田《案卷质量标准》七；GB/T 9705-2008";
        says
            "卷内备考表写明缺损、修改、补充、移交、销毁等情况，由立卷人、检查人签名并写日期；立卷人和检查人是两个人。",
            "The note of a volume tells what is missing, damaged, corrected, added, transferred or destroyed; who made the volume and who checked it sign and date it, and they are two people.";
        example
            "移交时备考表没有检查人的签名；或者立卷人、检查人是同一人。",
            "At handover the note lacks the checker's signature; or maker and checker are one person.";
        remedy
            "请另一人检查后签名、写日期。",
            "Have another person check the volume, sign and date."),
    rule!(C1 Error "福田《案卷质量标准》九；简阳（九）4(2)；GB/T 9705-2008";
        says
            "案卷封面各项填齐：机关名称、类别、案卷题名、年度、卷号、目录号、全宗号、保管期限，以及起止日期、件数、页数。",
            "Each field of the cover is filled: institution, class, title, year, volume number, catalogue number, fonds number, period, and the first and last date, the number of items and of pages.";
        example
            "全宗号空白；或者机关名称写“本委”。",
            "The fonds number is blank; or the institution is called 本委.";
        remedy
            "补填；全宗名称写全称或通用简称。",
            "Fill it in; write the institution's full or usual short name."),
    rule!(T1 Warning "福田《案卷质量标准》八";
        says
            "案卷题名简明确切，一般由作者、问题、文种三部分组成，能揭示卷内文件的成份和内容，不超过 50 字。",
            "A volume's title is brief and exact, and names the author, the question and the types of document, in no more than 50 characters.";
        example
            "“临溪县人民政府关于安全生产工作的决定、意见、通知”三部分齐全；“有关材料”则什么也没说。",
            "临溪县人民政府关于安全生产工作的决定、意见、通知 has all three; 有关材料 says nothing.";
        remedy
            "补上缺的部分；太长的概括问题、合并文种。",
            "Add the missing part; shorten by naming the question more generally."),
];

pub(super) fn check(desk: &mut Desk<'_>) {
    contents(desk);
    for volume in desk.volumes() {
        cover(desk, volume);
        title(desk, volume);
    }
    notes(desk);
}

/// L1: title, date and pages of each item.
fn contents(desk: &mut Desk<'_>) {
    let reader_has_spoken = desk.holdings.stage == Stage::Register;
    desk.each_open(|desk, at, item| {
        let drafted = drafted(desk, at);
        if item.title.trim().is_empty() {
            match drafted {
                _ if reader_has_spoken => {}
                // What the rule asks for is there; a person has only to look at it.
                Some((title, accepted)) => {
                    if !accepted {
                        let message = text!(
                            "没有题名，拟作“{title}”，待人核定",
                            "no title; {title} is drafted, for a person to accept"
                        );
                        desk.say_at(RuleId::L1, Severity::Warning, at, "题名", message);
                    }
                }
                None => desk.say(RuleId::L1, at, "题名", text!("没有题名", "no title")),
            }
        } else if item.title.contains('\u{FFFD}') && !reader_has_spoken {
            let message = text!("题名里有乱码，读不出原字", "the title holds a character that was lost");
            desk.say_at(RuleId::L1, Severity::Warning, at, "题名", message);
        } else if tells_nothing(desk, at) && drafted.is_none_or(|(_, accepted)| !accepted) {
            let message = text!(
                "题名看不出内容，宜另拟并加 [ ]",
                "the title doesn't tell the content; draft one and set it in [ ]"
            );
            desk.say_at(RuleId::L1, Severity::Info, at, "题名", message);
        }
        match item.date.reading {
            DateReading::Missing if !reader_has_spoken => {
                desk.say(RuleId::L1, at, "日期", text!("没有日期", "no date"));
            }
            DateReading::Unreadable if !reader_has_spoken => {
                let written = item.date.original.clone();
                desk.say(
                    RuleId::L1,
                    at,
                    "日期",
                    text!("日期“{written}”读不懂", "the date {written} can't be read"),
                );
            }
            _ => {}
        }
        if let Some(date) = item.date.date().filter(|date| date.first_day() > desk.today) {
            let message = text!("日期 {date} 还没有到", "the date {date} is still to come");
            desk.say_at(RuleId::L1, Severity::Warning, at, "日期", message);
        }
        if item.pages.is_none() && desk.places[at].is_some() {
            desk.say(
                RuleId::L1,
                at,
                "页数",
                text!("没有页数，编不了页号", "no page count, so pages can't be numbered"),
            );
        }
    });
}

/// The title in [ ] that stands in the list of contents for a missing one, and whether a person accepted it.
fn drafted<'a>(desk: &Desk<'a>, at: usize) -> Option<(&'a str, bool)> {
    let (volume, entry) = desk.places[at]?;
    let volume = desk.volumes().get(usize::try_from(volume).ok()?)?;
    let entry = volume.entries.get(usize::try_from(entry).ok()?)?;
    let title = entry.title.trim();
    let differs =
        !title.trim_matches(['[', ']', '［', '］']).is_empty() && title != desk.item(at).title.trim();
    differs.then(|| (title, !entry.why.contains(&Why::TitleDrafted)))
}

/// Whether a title could stand on any paper: 材料, 通知. Inside a meeting or case even 笔录 is enough.
fn tells_nothing(desk: &Desk<'_>, at: usize) -> bool {
    const EMPTY: [&str; 7] = ["材料", "文件", "有关材料", "相关材料", "其他", "资料", "情况"];
    let title = &desk.titles[at];
    !title.supplied
        && (EMPTY.contains(&title.bare) || title.bare.parse::<DocType>().is_ok())
        && desk.item(at).meeting_or_case.is_none()
        && !desk.depends[at]
}

/// C1: what the cover needs.
fn cover(desk: &mut Desk<'_>, volume: &Volume) {
    if desk.holdings.stage == Stage::Register {
        return;
    }
    if desk.volumes().first().is_some_and(|first| std::ptr::eq(first, volume)) {
        let institution = desk.holdings.institution;
        let name = institution.name.trim();
        if name.is_empty() || ["本委", "本部", "本局", "本机关", "本单位", "本办"].contains(&name)
        {
            let message = text!(
                "全宗名称“{name}”不是机关的全称或通用简称",
                "\"{name}\" is neither the full nor the usual short name of an institution"
            );
            desk.say_of_volume(RuleId::C1, volume, "全宗名称", message);
        }
        if institution.fonds.trim().is_empty() {
            desk.say_of_volume(
                RuleId::C1,
                volume,
                "全宗号",
                text!("全宗号空白", "the fonds number is blank"),
            );
        }
    }
    if volume.title.trim().is_empty() {
        desk.say_of_volume(RuleId::C1, volume, "案卷题名", text!("案卷题名空白", "the volume has no title"));
    }
    if volume.entries.is_empty() {
        desk.say_of_volume(
            RuleId::C1,
            volume,
            "件数",
            text!("卷内没有文件", "there is nothing in the volume"),
        );
    }
    if desk.holdings.stage == Stage::Handover && volume.number.is_none() {
        desk.say_of_volume(RuleId::C1, volume, "案卷号", text!("没有案卷号", "the volume has no number"));
    }
}

/// T1: author, question and type in the title of a volume, and its length. A box of items (按件整理) has a
/// name that the program makes, to be called by: nothing there to be judged.
///
/// An author that is missing is reported only where the title plainly begins with the question; one that is
/// named and made nothing in the volume, only where it is a single body's name.
fn title(desk: &mut Desk<'_>, volume: &Volume) {
    let title = volume.title.trim();
    let is_box = desk.profile.volumes.method == Method::Item;
    if is_box || title.is_empty() || volume.entries.is_empty() {
        return;
    }
    let most = desk.profile.titles.max_chars;
    let chars = title.chars().count();
    if chars > most {
        let message =
            text!("题名 {chars} 字，超过 {most} 字", "the title has {chars} characters, more than {most}");
        desk.say_of_volume(RuleId::T1, volume, "案卷题名", message);
    }
    let bare = without_part(title);
    if DocType::of_title(bare).is_none() && !names_a_type(bare) {
        desk.say_of_volume(
            RuleId::T1,
            volume,
            "案卷题名",
            text!("题名没有文种", "the title names no type of document"),
        );
    }
    let items: Vec<usize> = volume.entries.iter().filter_map(|entry| desk.at(entry.item)).collect();
    if items.iter().all(|at| desk.item(*at).bodies.is_empty()) {
        return;
    }
    if bare.starts_with("关于") {
        desk.say_of_volume(
            RuleId::T1,
            volume,
            "案卷题名",
            text!("题名没有作者", "the title names no author"),
        );
    } else if let Some(author) = single_author(bare).filter(|author| !made_here(desk, &items, author)) {
        let message = text!(
            "题名写的作者“{author}”，卷内没有它的文件",
            "the title names {author}, which made nothing in the volume"
        );
        desk.say_of_volume(RuleId::T1, volume, "案卷题名", message);
    }
}

/// The single body a title names before 关于.
fn single_author(title: &str) -> Option<&str> {
    let (author, _) = title.split_once("关于")?;
    let single = !author.contains(['、', '，', '和', '与', '及', '等', '（', '“', '《'])
        && ["政府", "委员会", "局", "委", "办公室", "厅", "院"].iter().any(|end| author.ends_with(end));
    single.then_some(author)
}

/// Whether an author, perhaps in a short form (县政府 for 临溪县人民政府), made or is named by one of the items.
fn made_here(desk: &Desk<'_>, items: &[usize], author: &str) -> bool {
    let short = |name: &str| {
        name.trim_start_matches("中共")
            .replace("人民政府", "政府")
            .replace("人民代表大会常务委员会", "人大常委会")
    };
    let wanted = short(author);
    items.iter().any(|at| {
        let item = desk.item(*at);
        item.title.contains(author)
            || item.bodies.iter().any(|body| {
                let body = short(body);
                body.ends_with(&wanted) || wanted.ends_with(&body) || body.starts_with(&wanted)
            })
    })
}

/// Whether a type stands near the end, before （第1期至第6期）, 及附件 and the like.
fn names_a_type(title: &str) -> bool {
    let start = title.char_indices().rev().nth(23).map_or(0, |(at, _)| at);
    let tail = &title[start..];
    DocType::ALL.iter().any(|one| one.word().chars().count() > 1 && tail.contains(one.word()))
}

/// A title without 之一, 之二 … at its end.
fn without_part(title: &str) -> &str {
    let Some((before, part)) = title.rsplit_once('之') else { return title };
    if !part.is_empty() && whole_number(part).is_some() { before } else { title }
}

/// N1: notes signed by two people, at handover.
fn notes(desk: &mut Desk<'_>) {
    // Notes are signed on paper; where nobody keeps them here, nothing is known of them.
    if desk.holdings.stage != Stage::Handover || desk.holdings.notes.is_empty() {
        return;
    }
    for (index, volume) in desk.volumes().iter().enumerate() {
        let note = desk.holdings.notes.iter().find(|note| note.volume == index);
        let (made, checked) = note.map_or(("", ""), |note| (note.made_by.trim(), note.checked_by.trim()));
        let message = match (made, checked) {
            ("", "") => {
                text!("备考表没有立卷人和检查人的签名", "the note is signed by neither maker nor checker")
            }
            ("", _) => text!("备考表没有立卷人的签名", "the note isn't signed by who made the volume"),
            (_, "") => text!("备考表没有检查人的签名", "the note isn't signed by who checked the volume"),
            _ if made == checked => text!(
                "立卷人和检查人都是{made}，应是两个人",
                "{made} both made and checked the volume; they must be two people"
            ),
            _ if note.is_some_and(|note| !note.dated) => text!("备考表没有日期", "the note isn't dated"),
            _ => continue,
        };
        desk.say_of_volume(RuleId::N1, volume, "备考表", message);
    }
}
