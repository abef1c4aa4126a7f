#include "tools/drill/demo_assortment.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "sync/base/check.h"

// Mostly tables: the code is at the end.
namespace branchline::drill {
namespace {

// A product comes in every size and from every brand of its category.
struct Product {
  absl::string_view en;
  absl::string_view zh;
  absl::string_view sizes;  // "100 g|250 g"; empty: weighed, or the only size
  int64_t price_minor;      // of the first size, before the brand's percentage
};

struct Brand {
  absl::string_view en;
  absl::string_view zh;
  int64_t price_percent;
};

struct Category {
  absl::string_view en;
  absl::string_view zh;
  std::vector<Brand> brands;  // empty: no brand
  bool weighed;
  bool fresh;
  std::vector<Product> products;
};

const std::vector<Category>& Categories() {
  static const std::vector<Category>& categories = *new std::vector<Category>{
      {"Rice & Noodles",
       "米面",
       {{"Old Quay", "老码头", 132},
        {"Golden Lantern", "金灯笼", 118},
        {"Harbour Mill", "海港磨坊", 100},
        {"Everyday", "天天", 82}},
       false,
       false,
       {{"Jasmine Rice", "茉莉香米", "1 kg|5 kg|10 kg", 390},
        {"Brown Rice", "糙米", "1 kg|2.5 kg", 460},
        {"Basmati Rice", "巴斯马蒂香米", "1 kg|5 kg", 520},
        {"Glutinous Rice", "糯米", "1 kg|2 kg", 410},
        {"Rice Vermicelli", "米粉", "250 g|400 g", 145},
        {"Egg Noodles", "鸡蛋面", "300 g|600 g", 210},
        {"Udon", "乌冬面", "200 g|600 g", 160},
        {"Spaghetti", "意大利面", "500 g|1 kg", 235},
        {"Instant Noodles Chicken", "鸡汤味方便面", "5 packs|10 packs", 275},
        {"Instant Noodles Laksa", "叻沙味方便面", "4 packs|8 packs", 395},
        {"Rolled Oats", "燕麦片", "500 g|1 kg", 340},
        {"Plain Flour", "中筋面粉", "1 kg|2 kg", 180}}},
      {"Oils, Sauces & Spices",
       "油酱调料",
       {{"Old Quay", "老码头", 130},
        {"Two Swallows", "双燕", 112},
        {"Jade Hill", "翠山", 100},
        {"Everyday", "天天", 84}},
       false,
       false,
       {{"Sunflower Oil", "葵花籽油", "1 L|2 L|5 L", 520},
        {"Peanut Oil", "花生油", "1 L|2 L", 690},
        {"Sesame Oil", "芝麻油", "150 ml|320 ml", 380},
        {"Light Soy Sauce", "生抽", "150 ml|500 ml|1 L", 190},
        {"Dark Soy Sauce", "老抽", "150 ml|500 ml", 205},
        {"Oyster Sauce", "蚝油", "255 g|510 g", 320},
        {"Chilli Sauce", "辣椒酱", "300 g|500 g", 265},
        {"Sambal", "叁巴酱", "200 g|350 g", 340},
        {"Rice Vinegar", "米醋", "300 ml|600 ml", 225},
        {"White Pepper", "白胡椒粉", "50 g|100 g", 290},
        {"Five-Spice Powder", "五香粉", "40 g|80 g", 240},
        {"Sea Salt", "海盐", "500 g|1 kg", 130},
        {"Brown Sugar", "红糖", "500 g|1 kg", 215}}},
      {"Tea & Coffee",
       "茶与咖啡",
       {{"Old Quay", "老码头", 140},
        {"Golden Lantern", "金灯笼", 120},
        {"Morning Bell", "晨钟", 100},
        {"Everyday", "天天", 80}},
       false,
       false,
       {{"Oolong Tea", "乌龙茶", "100 g|250 g", 680},
        {"Jasmine Tea", "茉莉花茶", "100 g|250 g", 560},
        {"Pu'er Tea", "普洱茶", "100 g|357 g", 890},
        {"Green Tea Bags", "绿茶包", "25 bags|50 bags|100 bags", 345},
        {"English Breakfast Tea Bags", "英式早餐茶包", "25 bags|100 bags", 390},
        {"Chrysanthemum Tea", "菊花茶", "50 g|100 g", 420},
        {"Kopi Powder", "南洋咖啡粉", "250 g|500 g", 450},
        {"Arabica Coffee Beans", "阿拉比卡咖啡豆", "250 g|1 kg", 1190},
        {"3-in-1 White Coffee", "三合一白咖啡", "15 sticks|30 sticks", 590},
        {"Instant Coffee", "速溶咖啡", "100 g|200 g", 720},
        {"Malt Drink Powder", "麦芽饮品", "400 g|1 kg", 560}}},
      {"Drinks",
       "饮料",
       {{"Bluebird", "蓝鸟", 116},
        {"Clear Spring", "清泉", 100},
        {"Sunny Isle", "阳光岛", 108},
        {"Everyday", "天天", 85}},
       false,
       false,
       {{"Drinking Water", "饮用水", "600 ml|1.5 L|6 x 1.5 L", 60},
        {"Sparkling Water", "气泡水", "330 ml|1 L", 130},
        {"Soya Milk", "豆奶", "250 ml|1 L", 110},
        {"Chrysanthemum Drink", "菊花茶饮料", "250 ml|6 x 250 ml", 95},
        {"Lime Juice", "青柠汁", "300 ml|1 L", 180},
        {"Orange Juice", "橙汁", "250 ml|1 L|2 L", 195},
        {"Apple Juice", "苹果汁", "250 ml|1 L", 190},
        {"Coconut Water", "椰子水", "330 ml|1 L", 220},
        {"Lychee Drink", "荔枝饮料", "300 ml|6 x 300 ml", 120},
        {"Winter Melon Tea", "冬瓜茶", "300 ml|6 x 300 ml", 110},
        {"Ginger Beer", "姜汁汽水", "330 ml|6 x 330 ml", 150},
        {"Cola", "可乐", "330 ml|1.5 L|6 x 330 ml", 120},
        {"Isotonic Drink", "运动饮料", "500 ml|1.5 L", 165}}},
      {"Dairy & Eggs",
       "乳品与蛋",
       {{"Meadow Gate", "牧野", 106},
        {"Jade Hill", "翠山", 100},
        {"Everyday", "天天", 86}},
       false,
       true,
       {{"Fresh Milk", "鲜牛奶", "1 L|2 L", 345},
        {"Low-Fat Milk", "低脂牛奶", "1 L|2 L", 340},
        {"UHT Milk", "常温牛奶", "250 ml|1 L", 105},
        {"Plain Yoghurt", "原味酸奶", "140 g|500 g", 160},
        {"Strawberry Yoghurt", "草莓酸奶", "140 g|4 x 140 g", 175},
        {"Cultured Milk Drink", "乳酸菌饮料", "5 bottles|10 bottles", 330},
        {"Salted Butter", "咸黄油", "227 g|454 g", 520},
        {"Unsalted Butter", "无盐黄油", "227 g|454 g", 530},
        {"Cheddar Slices", "切达芝士片", "12 slices|24 slices", 590},
        {"Mozzarella", "马苏里拉芝士", "200 g|400 g", 560},
        {"Fresh Eggs", "鲜鸡蛋", "10 eggs|15 eggs|30 eggs", 320},
        {"Omega Eggs", "欧米伽鸡蛋", "10 eggs|15 eggs", 450},
        {"Silken Tofu", "嫩豆腐", "300 g|500 g", 120},
        {"Firm Tofu", "老豆腐", "300 g|500 g", 130}}},
      {"Bakery",
       "烘焙",
       {},
       false,
       true,
       {{"White Sandwich Loaf", "白吐司", "400 g|600 g", 240},
        {"Wholemeal Loaf", "全麦吐司", "400 g|600 g", 285},
        {"Raisin Loaf", "葡萄干吐司", "400 g", 350},
        {"Butter Croissant", "牛角包", "2 pcs|4 pcs", 380},
        {"Pandan Chiffon Cake", "班兰戚风蛋糕", "300 g|500 g", 590},
        {"Kaya Bun", "咖椰面包", "1 pcs|4 pcs", 140},
        {"Red Bean Bun", "红豆面包", "1 pcs|4 pcs", 140},
        {"Pork Floss Bun", "肉松面包", "1 pcs|4 pcs", 190},
        {"Egg Tart", "蛋挞", "1 pcs|6 pcs", 160},
        {"Pineapple Tart", "凤梨酥", "6 pcs|12 pcs", 780},
        {"Curry Puff", "咖喱角", "1 pcs|4 pcs", 170},
        {"Baguette", "法棍", "250 g", 290}}},
      {"Biscuits & Snacks",
       "饼干零食",
       {{"Bluebird", "蓝鸟", 122},
        {"Little Panda", "小熊猫", 104},
        {"Sunny Isle", "阳光岛", 110},
        {"Everyday", "天天", 80}},
       false,
       false,
       {{"Cream Crackers", "苏打饼干", "200 g|400 g", 220},
        {"Digestive Biscuits", "消化饼干", "250 g|500 g", 260},
        {"Chocolate Chip Cookies", "巧克力豆曲奇", "200 g|400 g", 330},
        {"Egg Rolls", "蛋卷", "150 g|300 g", 490},
        {"Prawn Crackers", "虾片", "70 g|140 g", 185},
        {"Potato Chips Original", "原味薯片", "60 g|170 g", 195},
        {"Potato Chips Salted Egg", "咸蛋味薯片", "60 g|125 g", 420},
        {"Roasted Seaweed", "烤海苔", "9 g|12 x 9 g", 110},
        {"Roasted Peanuts", "烤花生", "150 g|400 g", 275},
        {"Cashew Nuts", "腰果", "150 g|350 g", 520},
        {"Dried Mango", "芒果干", "100 g|250 g", 460},
        {"Dark Chocolate", "黑巧克力", "50 g|100 g", 290},
        {"Haw Flakes", "山楂饼", "100 g|250 g", 150},
        {"Mint Sweets", "薄荷糖", "35 g|100 g", 130}}},
      {"Canned & Dry Goods",
       "罐头干货",
       {{"Old Quay", "老码头", 128},
        {"Two Swallows", "双燕", 110},
        {"Harbour Mill", "海港磨坊", 100},
        {"Everyday", "天天", 83}},
       false,
       false,
       {{"Tuna in Water", "水浸吞拿鱼", "150 g|4 x 150 g", 260},
        {"Sardines in Tomato Sauce", "茄汁沙丁鱼", "155 g|425 g", 195},
        {"Luncheon Meat", "午餐肉", "198 g|340 g", 310},
        {"Sweet Corn", "甜玉米粒", "340 g|3 x 340 g", 165},
        {"Button Mushrooms", "蘑菇罐头", "284 g|425 g", 195},
        {"Baked Beans", "焗豆", "230 g|425 g", 150},
        {"Longans in Syrup", "糖水龙眼", "565 g", 290},
        {"Coconut Milk", "椰浆", "200 ml|1 L", 145},
        {"Dried Shiitake", "干香菇", "100 g|250 g", 690},
        {"Red Dates", "红枣", "250 g|500 g", 380},
        {"Goji Berries", "枸杞", "100 g|250 g", 450},
        {"Mung Beans", "绿豆", "500 g|1 kg", 215},
        {"Dried Anchovies", "江鱼仔", "100 g|200 g", 430},
        {"Peanut Butter", "花生酱", "340 g|500 g", 490},
        {"Kaya Spread", "咖椰酱", "250 g|480 g", 320}}},
      {"Frozen",
       "冷冻食品",
       {{"Bluebird", "蓝鸟", 120},
        {"Golden Lantern", "金灯笼", 114},
        {"Polar Bay", "极湾", 100},
        {"Everyday", "天天", 84}},
       false,
       false,
       {{"Pork & Chive Dumplings", "韭菜猪肉水饺", "300 g|800 g", 560},
        {"Prawn Wantons", "鲜虾云吞", "200 g|500 g", 620},
        {"Roti Prata", "印度煎饼", "5 pcs|12 pcs", 290},
        {"Char Siew Buns", "叉烧包", "6 pcs|12 pcs", 480},
        {"Fish Balls", "鱼丸", "200 g|500 g", 270},
        {"Chicken Nuggets", "鸡块", "400 g|850 g", 590},
        {"French Fries", "薯条", "500 g|1 kg", 390},
        {"Mixed Vegetables", "杂菜", "500 g|1 kg", 265},
        {"Edamame", "毛豆", "300 g|500 g", 310},
        {"Peeled Prawns", "虾仁", "300 g|1 kg", 990},
        {"Vanilla Ice Cream", "香草冰淇淋", "500 ml|1.5 L", 520},
        {"Durian Ice Cream", "榴莲冰淇淋", "500 ml|1.5 L", 690}}},
      {"Household",
       "家居清洁",
       {{"Bright House", "明居", 94},
        {"Clear Spring", "清泉", 105},
        {"Soft Cloud", "柔云", 112},
        {"Everyday", "天天", 78}},
       false,
       false,
       {{"Dishwashing Liquid Lime", "青柠洗洁精", "500 ml|1 L|2 L", 240},
        {"Laundry Detergent", "洗衣液", "1 L|2 L|4 L", 560},
        {"Fabric Softener", "衣物柔顺剂", "1 L|2 L", 490},
        {"Floor Cleaner", "地板清洁剂", "1 L|2 L", 420},
        {"Bleach", "漂白水", "500 ml|2 L", 210},
        {"Glass Cleaner", "玻璃清洁剂", "500 ml", 380},
        {"Kitchen Towels", "厨房纸巾", "2 rolls|6 rolls", 330},
        {"Toilet Rolls", "卫生纸", "10 rolls|20 rolls", 620},
        {"Facial Tissue", "面巾纸", "4 boxes|8 boxes", 490},
        {"Bin Liners", "垃圾袋", "20 pcs|50 pcs", 280},
        {"Cling Film", "保鲜膜", "30 m|60 m", 260},
        {"Scouring Sponge", "百洁布", "3 pcs|6 pcs", 190},
        {"AA Batteries", "五号电池", "4 pcs|12 pcs", 450},
        {"LED Bulb 9 W", "LED灯泡9瓦", "1 pcs|3 pcs", 490}}},
      {"Personal Care",
       "个人护理",
       {{"Camellia", "山茶花", 126},
        {"Soft Cloud", "柔云", 110},
        {"Jade Hill", "翠山", 100},
        {"Everyday", "天天", 80}},
       false,
       false,
       {{"Shampoo", "洗发水", "350 ml|750 ml", 690},
        {"Conditioner", "护发素", "350 ml|750 ml", 710},
        {"Shower Gel", "沐浴露", "500 ml|1 L", 590},
        {"Hand Soap", "洗手液", "250 ml|500 ml", 320},
        {"Bar Soap", "香皂", "3 x 100 g|6 x 100 g", 290},
        {"Toothpaste", "牙膏", "100 g|175 g|2 x 175 g", 330},
        {"Toothbrush", "牙刷", "1 pcs|3 pcs", 280},
        {"Mouthwash", "漱口水", "250 ml|750 ml", 450},
        {"Body Lotion", "润肤乳", "200 ml|400 ml", 680},
        {"Sunscreen SPF 50", "防晒霜SPF50", "50 ml|100 ml", 1290},
        {"Cotton Buds", "棉签", "100 pcs|300 pcs", 180},
        {"Plasters", "创可贴", "20 pcs|50 pcs", 260},
        {"Face Masks", "口罩", "10 pcs|50 pcs", 390}}},
      {"Baby & Pet",
       "母婴与宠物",
       {{"Little Panda", "小熊猫", 108},
        {"Soft Cloud", "柔云", 100},
        {"Everyday", "天天", 82}},
       false,
       false,
       {{"Nappies M", "纸尿裤M码", "28 pcs|56 pcs", 1290},
        {"Nappies L", "纸尿裤L码", "26 pcs|52 pcs", 1290},
        {"Baby Wipes", "婴儿湿巾", "80 pcs|3 x 80 pcs", 290},
        {"Baby Shampoo", "婴儿洗发露", "200 ml|500 ml", 520},
        {"Baby Rice Cereal", "婴儿米粉", "120 g|240 g", 490},
        {"Cat Food Tuna", "吞拿鱼猫粮", "85 g|400 g|1.2 kg", 150},
        {"Cat Litter", "猫砂", "5 L|10 L", 690},
        {"Dog Food Chicken", "鸡肉狗粮", "400 g|1.5 kg", 380},
        {"Dog Chews", "磨牙棒", "7 pcs|28 pcs", 420}}},
      {"Fruit & Vegetables",
       "果蔬",
       {},
       true,
       true,
       {{"Bananas", "香蕉", "", 265},
        {"Fuji Apples", "富士苹果", "", 490},
        {"Navel Oranges", "脐橙", "", 450},
        {"Mandarins", "柑橘", "", 520},
        {"Seedless Grapes", "无籽葡萄", "", 990},
        {"Papaya", "木瓜", "", 280},
        {"Watermelon", "西瓜", "", 190},
        {"Pineapple", "黄梨", "", 260},
        {"Dragon Fruit", "火龙果", "", 620},
        {"Mangoes", "芒果", "", 790},
        {"Lemons", "柠檬", "", 680},
        {"Avocados", "牛油果", "", 1190},
        {"Kailan", "芥兰", "", 420},
        {"Chye Sim", "菜心", "", 380},
        {"Kangkong", "蕹菜", "", 350},
        {"Bok Choy", "小白菜", "", 390},
        {"Spinach", "菠菜", "", 460},
        {"Cabbage", "卷心菜", "", 240},
        {"Broccoli", "西兰花", "", 590},
        {"Carrots", "胡萝卜", "", 220},
        {"Potatoes", "马铃薯", "", 230},
        {"Sweet Potatoes", "番薯", "", 320},
        {"Onions", "洋葱", "", 210},
        {"Garlic", "大蒜", "", 580},
        {"Ginger", "姜", "", 640},
        {"Tomatoes", "番茄", "", 360},
        {"Cucumbers", "黄瓜", "", 290},
        {"Red Chillies", "红辣椒", "", 1250},
        {"Bean Sprouts", "豆芽", "", 260},
        {"Lady's Fingers", "羊角豆", "", 540}}},
      {"Meat & Fish",
       "肉类海鲜",
       {},
       true,
       true,
       {{"Chicken Breast", "鸡胸肉", "", 1190},
        {"Chicken Thighs", "鸡腿肉", "", 1090},
        {"Whole Chicken", "全鸡", "", 820},
        {"Pork Belly", "五花肉", "", 1980},
        {"Minced Pork", "猪肉碎", "", 1490},
        {"Pork Ribs", "排骨", "", 2190},
        {"Beef Shin", "牛腱", "", 2490},
        {"Minced Beef", "牛肉碎", "", 2290},
        {"Lamb Slices", "羊肉片", "", 2790},
        {"Salmon Fillet", "三文鱼片", "", 3490},
        {"Seabass", "金目鲈", "", 1690},
        {"Pomfret", "鲳鱼", "", 2390},
        {"Mackerel Steaks", "马鲛鱼片", "", 1890},
        {"Tiger Prawns", "草虾", "", 2690},
        {"Squid", "苏东", "", 1590},
        {"Clams", "蛤蜊", "", 990}}},
      {"Bags",
       "购物袋",
       {},
       false,
       false,
       {{"Reusable Bag", "环保购物袋", "", 120},
        {"Insulated Bag", "保温袋", "", 490}}},
  };
  return categories;
}

struct Unit {
  absl::string_view en;
  absl::string_view zh;
};

constexpr Unit kUnits[] = {
    {"kg", "公斤"},   {"g", "克"},       {"ml", "毫升"},  {"L", "升"},
    {"m", "米"},      {"pcs", "个"},     {"packs", "包"}, {"bags", "包"},
    {"sticks", "条"}, {"rolls", "卷"},   {"boxes", "盒"}, {"eggs", "粒"},
    {"slices", "片"}, {"bottles", "瓶"},
};

// "6 x 1.5 L" in Chinese: "6x1.5升".
std::string ChineseSize(absl::string_view size) {
  const std::vector<absl::string_view> words = absl::StrSplit(size, ' ');
  std::string text;
  for (absl::string_view word : words) {
    absl::string_view shown = word;
    for (const Unit& unit : kUnits) {
      if (unit.en == word) shown = unit.zh;
    }
    absl::StrAppend(&text, shown);
  }
  return text;
}

// How much is in it, in thousandths of a gram, millilitre or piece: only for
// comparing sizes of one product.
int64_t Content(absl::string_view size) {
  const std::vector<absl::string_view> words = absl::StrSplit(size, ' ');
  int64_t content = 1;
  for (absl::string_view word : words) {
    const std::pair<absl::string_view, absl::string_view> number =
        absl::StrSplit(word, absl::MaxSplits('.', 1));
    int64_t whole = 0;
    int64_t tenths = 0;
    if (absl::SimpleAtoi(number.first, &whole)) {
      if (!number.second.empty()) {
        BL_CHECK(absl::SimpleAtoi(number.second, &tenths), "a size's decimal");
      }
      content *= whole * 10 + tenths;
    } else if (word == "kg" || word == "L") {
      content *= 1'000;
    }
  }
  return content;
}

// A shelf price: ends in 0 or 5 cents, or in 95 where it is close to it.
int64_t ShelfPrice(int64_t minor) {
  const int64_t rounded = (minor + 2) / 5 * 5;
  return rounded % 100 == 0 && rounded > 300 ? rounded - 5 : rounded;
}

// Bigger packs are cheaper by the gram.
int64_t SizePrice(const Product& product, absl::string_view first_size,
                  absl::string_view size) {
  if (size == first_size) return product.price_minor;
  // "6 x 250 ml" has a factor of ten more for its second number.
  const auto scale = [](absl::string_view s) {
    return s.find(" x ") == absl::string_view::npos ? Content(s) * 10
                                                    : Content(s);
  };
  const int64_t percent = scale(size) * 100 / scale(first_size);
  return product.price_minor * (percent * 88 + 12 * 100) / 10'000;
}

std::string WithCheckDigit(const std::string& digits12) {
  int sum = 0;
  for (size_t i = 0; i < digits12.size(); ++i) {
    sum += (digits12[i] - '0') * (i % 2 == 0 ? 1 : 3);
  }
  return absl::StrCat(digits12, (10 - sum % 10) % 10);
}

std::string Joined(absl::string_view a, absl::string_view b,
                   absl::string_view c) {
  std::string text(a);
  for (absl::string_view part : {b, c}) {
    if (!part.empty()) absl::StrAppend(&text, text.empty() ? "" : " ", part);
  }
  return text;
}

}  // namespace

std::vector<DemoItem> DemoAssortment() {
  std::vector<DemoItem> items;
  const Brand no_brand = {"", "", 100};
  int64_t category_number = 0;
  for (const Category& category : Categories()) {
    ++category_number;
    int64_t item_number = 0;
    for (const Product& product : category.products) {
      const std::vector<absl::string_view> sizes =
          absl::StrSplit(product.sizes, '|');
      for (absl::string_view size : sizes) {
        const size_t brand_count =
            category.brands.empty() ? 1 : category.brands.size();
        for (size_t b = 0; b < brand_count; ++b) {
          const Brand& brand =
              category.brands.empty() ? no_brand : category.brands[b];
          DemoItem item;
          item.sku = WithCheckDigit(absl::StrFormat(
              "20%02d%08d", category_number, ++item_number * 10));
          item.name_en = Joined(brand.en, product.en, size);
          item.name_zh =
              Joined("", absl::StrCat(brand.zh, product.zh), ChineseSize(size));
          item.category_en = std::string(category.en);
          item.category_zh = std::string(category.zh);
          item.price_minor = ShelfPrice(SizePrice(product, sizes[0], size) *
                                        brand.price_percent / 100);
          item.weighed = category.weighed;
          item.fresh = category.fresh;
          items.push_back(std::move(item));
        }
      }
    }
  }
  return items;
}

std::vector<DemoBranch> DemoBranches() {
  return {
      {"Tiong Bahru", "中峇鲁", 110, 3}, {"Katong", "加东", 105, 3},
      {"Toa Payoh", "大巴窑", 125, 4},   {"Clementi", "金文泰", 100, 3},
      {"Bedok", "勿洛", 115, 3},         {"Jurong East", "裕廊东", 140, 4},
      {"Serangoon", "实龙岗", 90, 2},    {"Bukit Timah", "武吉知马", 65, 2}};
}

}  // namespace branchline::drill
