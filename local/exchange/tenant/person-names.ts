import type { Random } from "#local/exchange/tenant/random";

/** A name as its bearer writes it, and in the letters an address can hold. */
type Name = { written: string; latin: string };
type Names = readonly [Name, ...Name[]];

export type PersonName = { firstName: string; lastName: string; displayName: string; latin: string };

/** Names of one culture: what goes first, and what stands between the two. */
type Culture = { given: Names; family: Names; isFamilyFirst: boolean; separator: string };

const western: Culture = {
  given: names(
    "Anna Ben Carla David Emma Felix Grace Henry Ines Jack Julia Karl Laura Mark Nina Oliver Paula Robert Sarah Thomas Victoria William Megan Lucas Sophie Daniel Alice Peter Maria George",
  ),
  family: names(
    "Smith Jones Brown Taylor Miller Davis Wilson Moore Clark Lewis Walker Hall Young King Wright Scott Green Baker Adams Nelson Carter Mitchell Roberts Turner Phillips Campbell Parker Evans Edwards Collins Stewart Morris Rogers Reed Cook Morgan Bell Murphy Bailey Cooper",
  ),
  isFamilyFirst: false,
  separator: " ",
};

const accented: Culture = {
  given: names(
    "José Zoë Jürgen François Łukasz Søren Åsa Renée Señén Dvořák:Dvorak Çağla Ümit Nguyễn Thị:Thi Bjørn Chloé Márta Žofia Raúl Inês",
  ),
  family: names(
    "Müller Größe:Groesse García Peña Østergård Ångström Nováková Wałęsa Kovačić Yıldız:Yildiz Öztürk Brontë Lefèvre Groß:Gross Sjöberg Trần Phạm Szabó Ğanim D’Arcy:DArcy",
  ),
  isFamilyFirst: false,
  separator: " ",
};

const awkward: Culture = {
  given: names(
    'Pat Siobhán Jo_"Ace":Jo Anne-Marie R.J.:RJ Zoë_🚀:Zoe `Tick`:Tick $(Get-Date):GetDate Dot.:Dot Semi;colon:Semi',
  ),
  family: names(
    "O'Brien:OBrien D'Angelo:DAngelo Smith_&_Sons:SmithSons <Lab>:Lab 50%:Fifty Comma,_Jr.:CommaJr Star*:Star [Contractor]:Contractor Back\\slash:Backslash Hash#Tag:HashTag",
  ),
  isFamilyFirst: false,
  separator: " ",
};

const chinese: Culture = {
  given: names(
    "伟:Wei 芳:Fang 娜:Na 敏:Min 静:Jing 丽:Li 强:Qiang 磊:Lei 洋:Yang 艳:Yan 勇:Yong 杰:Jie 娟:Juan 涛:Tao 明:Ming 超:Chao 秀英:Xiuying 𠮷:Ji",
  ),
  family: names(
    "王:Wang 李:Li 张:Zhang 刘:Liu 陈:Chen 杨:Yang 赵:Zhao 黄:Huang 周:Zhou 吴:Wu 徐:Xu 孙:Sun 胡:Hu 欧阳:Ouyang",
  ),
  isFamilyFirst: true,
  separator: "",
};

const arabic: Culture = {
  given: names(
    "محمد:Mohammed فاطمة:Fatima أحمد:Ahmed علي:Ali مريم:Maryam خالد:Khaled ليلى:Layla عمر:Omar نور:Noor يوسف:Yusuf",
  ),
  family: names(
    "الهاشمي:AlHashimi العلي:AlAli حداد:Haddad خوري:Khoury منصور:Mansour النجار:AlNajjar سعيد:Saeed قاسم:Qasim",
  ),
  isFamilyFirst: false,
  separator: " ",
};

const hebrew: Culture = {
  given: names("נועה:Noa דוד:David יעל:Yael איתי:Itai תמר:Tamar אורי:Uri מיכל:Michal יונתן:Yonatan"),
  family: names("כהן:Cohen לוי:Levi מזרחי:Mizrahi פרץ:Peretz ביטון:Biton אברהם:Avraham פרידמן:Friedman"),
  isFamilyFirst: false,
  separator: " ",
};

const cyrillic: Culture = {
  given: names(
    "Анна:Anna Дмитрий:Dmitry Ольга:Olga Сергей:Sergei Наталья:Natalia Иван:Ivan Елена:Elena Олексій:Oleksii Юлия:Yulia Борис:Boris",
  ),
  family: names(
    "Иванов:Ivanov Петрова:Petrova Сидоров:Sidorov Шевченко:Shevchenko Кузнецова:Kuznetsova Соколов:Sokolov Морозова:Morozova Ковальчук:Kovalchuk",
  ),
  isFamilyFirst: false,
  separator: " ",
};

const japanese: Culture = {
  given: names("太郎:Taro 花子:Hanako さくら:Sakura 健一:Kenichi 陽子:Yoko 大輔:Daisuke ユウキ:Yuki 美咲:Misaki"),
  family: names("佐藤:Sato 鈴木:Suzuki 高橋:Takahashi 田中:Tanaka 渡辺:Watanabe 伊藤:Ito 山本:Yamamoto 中村:Nakamura"),
  isFamilyFirst: true,
  separator: " ",
};

/** As often as each stands here, its names are drawn. */
const cultures: readonly [Culture, ...Culture[]] = [
  western,
  western,
  western,
  western,
  western,
  accented,
  accented,
  awkward,
  chinese,
  arabic,
  hebrew,
  cyrillic,
  japanese,
];

export function drawPersonName(random: Random): PersonName {
  const culture = random.pick(cultures);
  const given = random.pick(culture.given);
  const family = random.pick(culture.family);
  const parts = culture.isFamilyFirst ? [family.written, given.written] : [given.written, family.written];
  return {
    firstName: given.written,
    lastName: family.written,
    displayName: parts.join(culture.separator),
    latin: `${given.latin}.${family.latin}`,
  };
}

/** `written:latin` pairs, or words whose Latin form follows from leaving out the marks; `_` stands for a blank. */
function names(words: string): Names {
  const [first, ...rest] = words.split(" ").map(toName);
  if (first === undefined) throw new Error("a culture needs a name");
  return [first, ...rest];
}

function toName(word: string): Name {
  const [written = "", latin = written] = word.split(":");
  return { written: written.replaceAll("_", " "), latin: withoutMarks(latin) };
}

function withoutMarks(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[łŁ]/g, "l")
    .replace(/[øØ]/g, "o")
    .replace(/[^A-Za-z0-9]/g, "");
}
