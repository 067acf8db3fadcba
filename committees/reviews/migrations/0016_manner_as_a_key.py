"""A list stored the words of the way of applying in the language of whoever made it; now it stores the key.

The director's signature covers the list's content: one signed but not yet public has to be signed again.
"""

from django.db import migrations, models

KEYS = """
    UPDATE reviews_resultpublicityitem AS item SET shown_mode = declaration.route
    FROM applications_declaration AS declaration WHERE declaration.id = item.declaration_id
"""
WORDS = """
    UPDATE reviews_resultpublicityitem SET shown_mode = CASE shown_mode
        WHEN 'regular' THEN '正常申报' WHEN 'preliminary' THEN '初定' WHEN 'confirmation' THEN '职称确认'
        WHEN 'transfer' THEN '转评' WHEN 'exceptional' THEN '破格申报' WHEN 'recommend' THEN '向省推荐'
        WHEN 'special' THEN '高层次、紧缺急需人才一事一议' WHEN 'autonomous' THEN '自主评聘单位'
        WHEN 'exam_plus' THEN '考评结合' ELSE shown_mode END
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0015_entrustment"),
    ]

    operations = [
        migrations.RunSQL(KEYS, WORDS),
        migrations.AlterField(
            model_name="resultpublicityitem",
            name="shown_mode",
            field=models.CharField(
                choices=[
                    ("regular", "regular review"),
                    ("preliminary", "preliminary determination"),
                    ("confirmation", "confirmation of a title held elsewhere"),
                    ("transfer", "transfer to another series"),
                    ("exceptional", "exceptional application"),
                    ("recommend", "recommendation to the province"),
                    ("special", "case by case for urgently needed talent"),
                    ("autonomous", "autonomous unit"),
                    ("exam_plus", "examination plus appraisal"),
                ],
                max_length=14,
            ),
        ),
    ]
