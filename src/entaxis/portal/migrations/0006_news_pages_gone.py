from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("portal", "0005_news_moved")]
    operations = [
        migrations.DeleteModel(name="NewsIndexPage"),
        migrations.DeleteModel(name="NewsPage"),
    ]
