//! A small year to print: seven volumes, some thirty items, and the awkward things of real registers.

use archive_core::finding::{Finding, Place};
use archive_core::model::{
    Arrangement, DraftState, Entry, Feature, Institution, Item, ItemId, RetentionPeriod, Side, Volume,
    VolumeNumber,
};
use archive_core::profile::Profile;
use archive_core::reading::{DateReading, DocNumber, ItemDate, RecordDate};
use archive_core::rules::RuleId;
use archive_core::text::Text;
use chrono::NaiveDate;

pub struct Sample {
    pub institution: Institution,
    pub profile: Profile,
    pub arrangement: Arrangement,
    pub items: Vec<Item>,
    pub printed_on: NaiveDate,
}

/// Titles in other scripts and with characters beyond the basic plane.
pub const MANY_SCRIPTS: [&str; 6] = [
    "关于𠅤𣲘、𪚥𱁬两同志任职的通知",
    "شىنجاڭ ئۇيغۇر ئاپتونوم رايونلۇق خەلق ھۆكۈمىتىنىڭ 2004-يىلى 3-ئاينىڭ 16-كۈنىدىكى ئۇقتۇرۇشى",
    "关于 شىنجاڭ（新疆）来文的答复",
    "བོད་རང་སྐྱོང་ལྗོངས་མི་དམངས་སྲིད་གཞུང་གི་བརྡ་ཁྱབ།",
    "ᠥᠪᠦᠷ ᠮᠣᠩᠭᠣᠯ ᠤᠨ ᠥᠪᠡᠷᠲᠡᠭᠡᠨ ᠵᠠᠰᠠᠬᠤ ᠣᠷᠤᠨ",
    "ꆈꌠꁱꂷ（彝文）规范方案",
];

impl Sample {
    pub fn book(&self) -> archive_catalogue::book::Book<'_> {
        archive_catalogue::book::Book::new(
            &self.institution,
            &self.profile,
            2004,
            &self.arrangement,
            &self.items,
            self.printed_on,
        )
    }

    pub fn empty() -> Self {
        Self {
            institution: Institution {
                name: "临江县人民政府办公室".to_owned(), fonds: "J019".to_owned()
            },
            profile: Profile::built_in("futian-2006").unwrap(),
            arrangement: Arrangement::default(),
            items: Vec::new(),
            printed_on: NaiveDate::from_ymd_opt(2005, 4, 20).unwrap(),
        }
    }

    pub fn small() -> Self {
        let mut sample = Self::empty();
        let permanent = RetentionPeriod::Permanent;
        sample.volume(
            permanent,
            Side::Government,
            "临江县人民政府关于二〇〇四年防汛抗旱工作的通知、预案、报告、批复",
            &[
                (
                    "临政发",
                    12,
                    "临江县人民政府",
                    "临江县人民政府关于印发《临江县二〇〇四年防汛抗旱应急预案》的通知",
                    (2004, 3, 16),
                    18,
                    None,
                ),
                (
                    "临政发",
                    12,
                    "临江县人民政府",
                    "临江县人民政府关于印发《临江县二〇〇四年防汛抗旱应急预案》的通知",
                    (2004, 3, 15),
                    19,
                    Some(DraftState::SignedDraft),
                ),
                (
                    "江府办函",
                    128,
                    "江州市人民政府办公厅",
                    "江州市人民政府办公厅关于同意临江县动用度汛应急资金380万元的批复",
                    (2004, 6, 28),
                    2,
                    None,
                ),
                (
                    "临政",
                    47,
                    "临江县人民政府",
                    "临江县人民政府关于请求动用度汛应急资金的请示",
                    (2004, 6, 21),
                    4,
                    None,
                ),
                (
                    "",
                    0,
                    "县防汛抗旱指挥部、县水利局、县气象局",
                    "［7月18日至20日特大暴雨洪水灾情统计表］",
                    (2004, 7, 23),
                    6,
                    None,
                ),
                (
                    "临政",
                    61,
                    "临江县人民政府",
                    "临江县人民政府关于“7·18”特大暴雨洪涝灾害情况及抢险救灾工作的报告",
                    (2004, 7, 26),
                    9,
                    None,
                ),
            ],
        );
        sample.volume(
            permanent,
            Side::Government,
            "临江县人民政府常务会议纪要（第十一次至第十八次）",
            &[
                ("临府常纪", 11, "临江县人民政府办公室", "县政府第十一次常务会议纪要", (2004, 1, 9), 5, None),
                (
                    "临府常纪",
                    12,
                    "临江县人民政府办公室",
                    "县政府第十二次常务会议纪要",
                    (2004, 2, 27),
                    7,
                    None,
                ),
                ("临府常纪", 13, "临江县人民政府办公室", "县政府第十三次常务会议纪要", (2004, 4, 2), 6, None),
                (
                    "临府常纪",
                    14,
                    "临江县人民政府办公室",
                    "县政府第十四次常务会议纪要",
                    (2004, 5, 14),
                    4,
                    None,
                ),
                (
                    "临府常纪",
                    15,
                    "临江县人民政府办公室",
                    "县政府第十五次常务会议纪要",
                    (2004, 7, 21),
                    8,
                    None,
                ),
            ],
        );
        sample.volume(
            permanent,
            Side::Government,
            "临江县人民政府关于赵㛃、孙䶮、周𬱖等同志任免职的通知",
            &[
                (
                    "临政人",
                    3,
                    "临江县人民政府",
                    "临江县人民政府关于赵㛃同志任职的通知",
                    (2004, 2, 11),
                    1,
                    None,
                ),
                (
                    "临政人",
                    8,
                    "临江县人民政府",
                    "临江县人民政府关于孙䶮、周𬱖两同志职务任免的通知",
                    (2004, 8, 30),
                    1,
                    None,
                ),
                (
                    "临政人",
                    15,
                    "临江县人民政府",
                    "临江县人民政府关于刘堃喆等17名同志试用期满正式任职的通知",
                    (2004, 12, 6),
                    2,
                    None,
                ),
            ],
        );
        let long = RetentionPeriod::LongTerm;
        sample.volume(
            long,
            Side::Government,
            "临江县人民政府办公室关于转发省、市人民政府办公厅安全生产工作文件的通知",
            &[
                ("临政办发", 105, "临江县人民政府办公室", "临江县人民政府办公室转发江州市人民政府办公厅关于进一步加强道路交通、烟花爆竹、煤矿、非煤矿山、危险化学品、建筑施工、消防等重点行业和领域安全生产专项整治工作的实施意见的通知", (2004, 11, 3), 14, None),
                ("江府办发", 98, "江州市人民政府办公厅", "江州市人民政府办公厅关于进一步加强重点行业和领域安全生产专项整治工作的实施意见", (2004, 10, 18), 12, None),
                ("安委办", 21, "县安全生产委员会办公室、县公安局、县交通局、县经济贸易局、县建设局", "关于2004年第三季度安全生产大检查情况的通报（含附件1－4）", (2004, 10, 11), 23, None),
                ("", 0, "", "=cmd|' /C calc'!A0 关于报送ISO9001质量管理体系认证情况的函", (2004, 9, 0), 3, None),
            ],
        );
        sample.volume(
            long,
            Side::Party,
            "中共临江县人民政府党组关于开展保持共产党员先进性教育活动的通知、总结",
            &[
                (
                    "临府党组",
                    4,
                    "中共临江县人民政府党组",
                    "中共临江县人民政府党组关于认真做好保持共产党员先进性教育活动准备工作的通知",
                    (2004, 12, 20),
                    5,
                    None,
                ),
                (
                    "临府党组",
                    5,
                    "中共临江县人民政府党组",
                    "中共临江县人民政府党组二〇〇四年工作总结",
                    (2005, 1, 10),
                    8,
                    None,
                ),
            ],
        );
        let short = RetentionPeriod::ShortTerm;
        sample.volume(
            short,
            Side::Government,
            "临江县人民政府办公室值班、车辆、会议事务的通知",
            &[
                (
                    "临政办",
                    6,
                    "临江县人民政府办公室",
                    "关于2004年春节放假期间值班安排的通知",
                    (2004, 1, 14),
                    2,
                    None,
                ),
                ("临政办", 33, "临江县人民政府办公室", "关于五一放假值班安排的通知", (2004, 4, 26), 2, None),
                (
                    "临政办",
                    71,
                    "临江县人民政府办公室",
                    "关于国庆节放假值班和车辆管理的通知",
                    (2004, 9, 24),
                    3,
                    None,
                ),
            ],
        );
        sample.volume(
            short,
            Side::Government,
            "《临江政务信息》第1至4期",
            &[
                ("", 0, "临江县人民政府办公室", "临江政务信息（第1期）", (2004, 1, 31), 8, None),
                ("", 0, "临江县人民政府办公室", "临江政务信息（第2期）", (2004, 3, 0), 8, None),
                ("", 0, "临江县人民政府办公室", "临江政务信息（第3期）", (0, 0, 0), 8, None),
                ("", 0, "临江县人民政府办公室", "临江政务信息（第4期）\u{7}\r\n增刊", (2004, 0, 0), 12, None),
            ],
        );
        let place = |volume: &str, item: &str, field: &str| Place {
            volume: Some(volume.to_owned()),
            item: Some(item.to_owned()),
            field: Some(field.to_owned()),
            ..Place::default()
        };
        sample.arrangement.findings = vec![
            Finding {
                message: Text::new(
                    "第5件无题名，已按内容代拟并加方括号",
                    "item 5 has no title; one was drafted",
                ),
                severity: archive_core::finding::Severity::Warning,
                ..Finding::new(
                    RuleId::L1,
                    place("J019-2004-001", "J019-2004-001-005", "题名"),
                    Text::fixed("", ""),
                )
            },
            Finding {
                message: Text::new(
                    "第3件为传真纸，应复印后与原件一并归档",
                    "item 3 is on fax paper; copy it and keep both",
                ),
                severity: archive_core::finding::Severity::Warning,
                ..Finding::new(
                    RuleId::A6,
                    place("J019-2004-001", "J019-2004-001-003", "书写材料"),
                    Text::fixed("", ""),
                )
            },
        ];
        sample
    }

    /// A volume whose titles need more than the shipped font: rare characters, Uyghur, Tibetan, Mongolian, Yi.
    pub fn many_scripts(&mut self) {
        let items: Vec<_> = MANY_SCRIPTS
            .iter()
            .map(|title| ("临政", 9, "临江县人民政府", *title, (2004, 5, 1), 2, None))
            .collect();
        self.volume(
            RetentionPeriod::Permanent,
            Side::Government,
            "少数民族文字文件和生僻字人名的通知",
            &items,
        );
    }

    #[allow(clippy::type_complexity)]
    pub fn volume(
        &mut self,
        period: RetentionPeriod,
        side: Side,
        title: &str,
        items: &[(&str, u32, &str, &str, (i32, u32, u32), u32, Option<DraftState>)],
    ) {
        let number = u32::try_from(self.arrangement.volumes.len()).unwrap() + 1;
        let mut page = 1;
        let mut entries = Vec::new();
        for (code, serial, bodies, title, (year, month, day), pages, state) in items {
            let id = ItemId(self.items.len() as u64);
            let mut item = Item::new(id, (self.items.len() + 1).to_string());
            (*title).clone_into(&mut item.title);
            item.bodies = bodies.split('、').filter(|body| !body.is_empty()).map(str::to_owned).collect();
            item.number = (*serial > 0).then(|| DocNumber::read(&format!("{code}〔2004〕{serial}号")));
            let date = match (*year, *month, *day) {
                (0, ..) => None,
                (year, 0, _) => RecordDate::year_only(year),
                (year, month, 0) => RecordDate::month(year, month),
                (year, month, day) => RecordDate::day(year, month, day),
            };
            item.date = match date {
                Some(date) => ItemDate { original: date.to_string(), reading: DateReading::On(date) },
                None => ItemDate { original: "不详".to_owned(), reading: DateReading::Unknown },
            };
            item.pages = Some(*pages);
            item.state = *state;
            item.question = Some(
                if title.contains('汛') || title.contains('洪') { "防汛抗旱" } else { "日常政务" }.to_owned(),
            );
            self.items.push(item);
            entries.push(Entry {
                item: id,
                title: (*title).to_owned(),
                item_no: Some(u32::try_from(entries.len()).unwrap() + 1),
                pages: Some((page, page + pages - 1)),
                why: Vec::new(),
            });
            page += pages;
        }
        self.arrangement.volumes.push(Volume {
            year: 2004,
            side,
            period,
            section: None,
            title: title.to_owned(),
            joined_by: vec![Feature::Question, Feature::Time],
            why: Vec::new(),
            entries,
            number: Some(VolumeNumber {
                catalogue_no: "2004".to_owned(),
                volume_no: number,
                code: format!("J019-2004-{number:03}"),
            }),
        });
    }
}
