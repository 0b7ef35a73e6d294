//! Registers of a county office, of as many items as asked for.
//!
//! Of a hundred items about thirty are requests and replies, ten letters, ten forwarded documents with what
//! forwards them, ten drafts, ten attachments, ten issues of a bulletin, the rest notices, reports and
//! plans; half of the ties are given by the register, half are left to be found. A year has some
//! thirty thousand items, so a million are thirty years.

use archive_core::model::{DraftState, Item, ItemId, Origin, RetentionPeriod, StatedTie, TieKind};
use archive_core::reading::{DocNumber, ItemDate};

/// A small generator of numbers: the same seed gives the same office.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % sides
    }

    fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.roll(of.len())]
    }
}

const TOWNS: [&str; 12] = [
    "沙溪镇",
    "桥头镇",
    "石门镇",
    "白马乡",
    "龙潭乡",
    "三汊乡",
    "城关镇",
    "后岭乡",
    "东坑镇",
    "梅林乡",
    "双溪镇",
    "岩前乡",
];
const BUREAUS: [&str; 12] = [
    "县水利局",
    "县财政局",
    "县教育局",
    "县交通局",
    "县卫生局",
    "县民政局",
    "县农业局",
    "县林业局",
    "县建设局",
    "县文体局",
    "县粮食局",
    "县统计局",
];
const THINGS: [&str; 16] = [
    "防洪堤",
    "中心小学",
    "卫生院",
    "敬老院",
    "农贸市场",
    "自来水厂",
    "公路",
    "水电站",
    "文化站",
    "灌区渠道",
    "粮库",
    "桥梁",
    "林场",
    "档案室",
    "变电站",
    "垃圾场",
];
const DEEDS: [&str; 10] = [
    "修复资金",
    "改建项目",
    "征用土地",
    "机构设置",
    "收费标准",
    "人员编制",
    "迁建方案",
    "维修经费",
    "设备更新",
    "验收工作",
];
const MATTERS: [&str; 14] = [
    "防汛抗旱",
    "安全生产",
    "财政预算",
    "农业税费",
    "计划生育",
    "春耕生产",
    "森林防火",
    "社会治安",
    "教育收费",
    "扶贫开发",
    "信访工作",
    "城镇建设",
    "卫生防疫",
    "招商引资",
];

/// Makes a register of `count` items.
pub fn register(count: usize) -> Vec<Item> {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let mut office = Office { items: Vec::with_capacity(count), serial: 0 };
    while office.items.len() < count {
        office.happening(&mut dice);
    }
    office.items.truncate(count);
    // The shuffled order of a real desk.
    for at in (1..office.items.len()).rev() {
        let other = dice.roll(at + 1);
        office.items.swap(at, other);
    }
    office.items
}

struct Office {
    items: Vec<Item>,
    serial: u32,
}

impl Office {
    fn add(&mut self, title: String, body: &str, day: usize, pages: u32) -> usize {
        let at = self.items.len();
        let row = at + 1;
        let mut item = Item::new(ItemId(row as u64), row.to_string());
        item.origin =
            Origin { register: "register.csv".to_owned(), row: u32::try_from(row + 1).unwrap_or(u32::MAX) };
        item.title = title;
        item.bodies = vec![body.to_owned()];
        // 28 days a month, 12 months a year, 30,000 items a year.
        let year = 1980 + at / 30_000;
        let (month, day) = (day / 28 % 12 + 1, day % 28 + 1);
        item.date = ItemDate::read(&format!("{year}-{month:02}-{day:02}"));
        item.pages = Some(pages);
        self.items.push(item);
        at
    }

    fn number(&mut self, at: usize, code: &str) {
        self.serial += 1;
        let year = 1980 + at / 30_000;
        self.items[at].number =
            Some(DocNumber::read(&format!("{code}〔{year}〕{}号", self.serial % 9000 + 1)));
    }

    fn tie(&mut self, from: usize, to: usize, kind: TieKind, dice: &mut Dice) {
        if dice.roll(2) == 0 {
            let to_row = self.items[to].row.clone();
            self.items[from].ties.push(StatedTie { to_row, kind });
        }
    }

    fn happening(&mut self, dice: &mut Dice) {
        let day = dice.roll(320);
        let pages = u32::try_from(dice.roll(9) + 1).unwrap_or(1);
        let government = "临溪县人民政府";
        let office = "临溪县人民政府办公室";
        let village = dice.roll(4000);
        match dice.roll(10) {
            0..=2 => {
                let (town, thing, deed) = (dice.pick(&TOWNS), dice.pick(&THINGS), dice.pick(&DEEDS));
                let body = dice.pick(&BUREAUS);
                let request = self.add(
                    format!("{body}关于要求解决{town}{village}号{thing}{deed}的请示"),
                    body,
                    day,
                    pages,
                );
                self.number(request, "临字");
                self.items[request].addressees = vec![government.to_owned()];
                let reply = self.add(
                    format!("{government}关于{town}{village}号{thing}{deed}的批复"),
                    government,
                    day + dice.roll(15),
                    2,
                );
                self.number(reply, "临政");
                self.items[reply].addressees = vec![body.to_owned()];
                self.tie(request, reply, TieKind::Request, dice);
            }
            3 => {
                let (matter, town) = (dice.pick(&MATTERS), dice.pick(&TOWNS));
                let above = self.add(
                    format!("岭东省人民政府办公厅关于做好{town}{village}片{matter}工作的通知"),
                    "岭东省人民政府办公厅",
                    day,
                    pages,
                );
                self.number(above, "岭政办");
                let title = self.items[above].title.clone();
                let below = self.add(format!("{office}转发{title}的通知"), office, day + 5, 2);
                self.number(below, "临政办");
                self.tie(above, below, TieKind::Forwarded, dice);
            }
            4 => {
                let (matter, thing) = (dice.pick(&MATTERS), dice.pick(&THINGS));
                let print = self.add(
                    format!("{government}关于{thing}{matter}{village}的意见"),
                    government,
                    day,
                    pages,
                );
                self.number(print, "临政");
                let title = self.items[print].title.clone();
                let draft = self.add(title, government, day, pages);
                self.items[draft].state = Some(DraftState::SignedDraft);
                let number = self.items[print].number.clone();
                self.items[draft].number = number;
                self.tie(draft, print, TieKind::SignedDraft, dice);
            }
            5 => {
                let (thing, town) = (dice.pick(&THINGS), dice.pick(&TOWNS));
                let main =
                    self.add(format!("{office}关于表彰{town}{thing}{village}先进单位的通报"), office, day, 3);
                self.number(main, "临政办");
                let part = self.add(format!("附件：{town}{thing}{village}先进单位名单"), office, day, pages);
                self.items[part].number = self.items[main].number.clone();
                self.tie(part, main, TieKind::Attachment, dice);
            }
            6 => {
                let issue = self.serial % 60 + 1;
                let at = self.add(
                    format!("政府工作简报（第{issue}期）：{}见成效", dice.pick(&MATTERS)),
                    office,
                    day,
                    4,
                );
                self.serial += 1;
                self.items[at].period = Some(RetentionPeriod::ShortTerm);
            }
            7 => {
                let (thing, deed) = (dice.pick(&THINGS), dice.pick(&DEEDS));
                let letter = self.add(
                    format!("平溪县人民政府关于商请{thing}{village}{deed}的函"),
                    "平溪县人民政府",
                    day,
                    2,
                );
                let answer =
                    self.add(format!("{government}关于{thing}{village}{deed}的复函"), government, day + 9, 1);
                self.number(answer, "临政函");
                self.tie(letter, answer, TieKind::Incoming, dice);
            }
            _ => {
                let matter = dice.pick(&MATTERS);
                let kind = dice.pick(&["通知", "报告", "意见", "总结", "计划", "通报"]);
                let body = if dice.roll(2) == 0 { office } else { dice.pick(&BUREAUS) };
                let at = self.add(format!("{body}关于{matter}{village}工作的{kind}"), body, day, pages);
                self.number(at, "临政办");
                if dice.roll(3) > 0 {
                    self.items[at].question = Some(matter.to_owned());
                }
                self.items[at].period = Some(RetentionPeriod::LongTerm);
            }
        }
    }
}
