//! How long a book of papers takes to be held against an archive of the same size.
//!
//!     cargo run --release -p archive-benches --example match_size -- 100000

use std::time::Instant;

use archive_core::model::{Item, ItemId, Origin};
use archive_core::office_register::matching::find;
use archive_core::office_register::{BookEntry, Direction, EntryId};
use archive_core::reading::{DocNumber, ItemDate};

const THINGS: [&str; 40] = [
    "防汛",
    "烟叶",
    "危房改造",
    "合作医疗",
    "公路",
    "林权",
    "水库",
    "预算",
    "税费",
    "统计",
    "档案",
    "保密",
    "信访",
    "移民",
    "电价",
    "采砂",
    "禽流感",
    "春耕",
    "粮食直补",
    "安全生产",
    "土地",
    "砖瓦厂",
    "规划",
    "自来水",
    "污水",
    "扶贫",
    "旅游",
    "采购",
    "机构编制",
    "接待",
    "车辆",
    "值班",
    "任免",
    "表彰",
    "人大建议",
    "政协提案",
    "界线",
    "变电站",
    "学校",
    "医院",
];
const VERBS: [&str; 12] =
    ["做好", "加强", "调整", "下达", "表彰", "成立", "召开", "印发", "转发", "解决", "开展", "进一步规范"];
const PLACES: [&str; 25] = [
    "桥头镇",
    "石门镇",
    "沙溪镇",
    "白马乡",
    "龙潭乡",
    "三汊乡",
    "城关镇",
    "全县",
    "县直机关",
    "山区",
    "库区",
    "河东",
    "河西",
    "上洋村",
    "下坂村",
    "张村",
    "后岭",
    "黄沙渡",
    "牛栏坑",
    "清水河",
    "东门",
    "南门",
    "西门",
    "北门",
    "开发区",
];
const KINDS: [&str; 6] = ["通知", "请示", "批复", "报告", "意见", "函"];
const CODES: [&str; 30] = [
    "临政",
    "临政办",
    "临政函",
    "临教",
    "临财",
    "临水",
    "临卫",
    "临交",
    "临农",
    "临林",
    "岭政",
    "岭政办",
    "江政",
    "江政办",
    "国发",
    "国办发",
    "临委",
    "临委办",
    "临编",
    "临人大",
    "临价",
    "临粮",
    "临档",
    "临密",
    "临汛",
    "临安",
    "桥政",
    "石政",
    "沙政",
    "白政",
];

fn pick(list: &[&'static str], n: u64) -> &'static str {
    usize::try_from(n).map_or("", |n| list[n % list.len()])
}

/// Numbers that jump about and are the same each run.
fn mixed(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

fn paper(n: u64, papers: u64) -> Item {
    let years = (papers / 10_000).max(1);
    let (year, r) = (2004 + n % years, mixed(n));
    let mut item = Item::new(ItemId(n), n.to_string());
    item.origin = Origin { register: "登记表.xlsx".into(), row: u32::try_from(n).unwrap_or(0) };
    let serial = n / years / 30 + 1;
    item.number = Some(DocNumber::read(&format!("{}〔{year}〕{serial}号", pick(&CODES, n / years))));
    item.title = format!(
        "关于{}{}{year}年{}{}工作有关问题的{}",
        pick(&VERBS, r),
        pick(&PLACES, r >> 8),
        pick(&THINGS, r >> 16),
        if r & 1 == 0 { "" } else { "专项" },
        pick(&KINDS, r >> 24)
    );
    item.date = ItemDate::read(&format!("{year}-{:02}-{:02}", (r >> 32) % 12 + 1, (r >> 40) % 28 + 1));
    item
}

/// The same paper as a clerk wrote it: three of ten with something wrong.
fn line(item: &Item) -> BookEntry {
    let ItemId(n) = item.id;
    let mut entry = BookEntry::new(
        EntryId(n),
        Direction::Incoming,
        item.date.date().map_or(0, archive_core::reading::RecordDate::year),
        n.to_string(),
    );
    entry.number.clone_from(&item.number);
    item.title.trim_start_matches("关于").clone_into(&mut entry.title);
    entry.registered = item.date.clone();
    match n % 10 {
        0 => entry.number = None,
        1 => entry.title = entry.title.replace("有关问题", ""),
        2 => {
            entry.number =
                item.number.as_ref().map(|number| DocNumber::read(&number.original.replace('1', "7")));
        }
        _ => {}
    }
    entry
}

#[allow(clippy::print_stdout)] // what it is for
fn main() {
    let papers: u64 = std::env::args().nth(1).and_then(|size| size.parse().ok()).unwrap_or(100_000);
    let items: Vec<Item> = (1..=papers).map(|n| paper(n, papers)).collect();
    let book: Vec<BookEntry> = items.iter().map(line).collect();
    let began = Instant::now();
    let found = find(&book, &items, &[]);
    let took = began.elapsed();
    let right = found.matches.iter().filter(|one| one.entry.0 == one.item.0).count();
    let sure = found.matches.iter().filter(|one| one.is_sure()).count();
    let wrong = found.matches.iter().filter(|one| one.is_sure() && one.entry.0 != one.item.0).count();
    println!(
        "{papers} lines, {papers} items: {took:.2?}; matched {}, of them sure {sure}, right {right}, sure and another {wrong}",
        found.matches.len()
    );
}
